import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { type Access, type Caller, decide, decideFor, grantsOf, type Statement, statementsOf } from './policies.ts';

const RolePolicy = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()) });
/** A role with anything else could do more than the rehearsal would know. */
const Role = z.strictObject({
  AssumeRolePolicyDocument: z.unknown(),
  Description: z.string().optional(),
  MaxSessionDuration: z.number().optional(),
  Tags: z.unknown().optional(),
});

/** The types of policies that belong to a resource: the property with the policy, and the resources that have it. */
const RESOURCE_POLICIES = [
  {
    type: 'AWS::SQS::QueuePolicy',
    owners: z
      .object({ PolicyDocument: z.unknown(), Queues: z.array(z.string()) })
      .transform(({ PolicyDocument, Queues }) => ({ PolicyDocument, owners: Queues })),
  },
  {
    type: 'AWS::SNS::TopicPolicy',
    owners: z
      .object({ PolicyDocument: z.unknown(), Topics: z.array(z.string()) })
      .transform(({ PolicyDocument, Topics }) => ({ PolicyDocument, owners: Topics })),
  },
  {
    type: 'AWS::S3::BucketPolicy',
    owners: z
      .object({ PolicyDocument: z.unknown(), Bucket: z.string() })
      .transform(({ PolicyDocument, Bucket }) => ({ PolicyDocument, owners: [Bucket] })),
  },
] as const;

/** Every policy of the template, and which of their grants were used. */
export interface Ledger {
  /** Whether a role may do that; remembers what it used, and what it lacked. */
  readonly authorize: (roleArn: string, access: Access) => boolean;
  /** Whether a service of AWS may do that to a resource by the resource's policy, which is found by the resource's `Ref`. */
  readonly authorizeService: (service: string, access: Access, owner: string) => boolean;
  /** Whether a role trusts a caller to assume it. */
  readonly trusts: (roleArn: string, caller: Caller) => boolean;
  /** Remembers a permission that is missing elsewhere. */
  readonly lacks: (sentence: string) => void;
  /** What was lacking; empty in a good rehearsal. */
  readonly denials: readonly string[];
  /** `role: action on resource`, of what no call used. */
  readonly unused: () => readonly string[];
}

const keyOf = (role: string, action: string, resource: string): string => `${role}: ${action} on ${resource}`;

const nameOf = (roleArn: string): string => roleArn.slice(roleArn.indexOf('/') + 1);

const roleStatements = (assembly: Assembly): ReadonlyMap<string, readonly Statement[]> => {
  const statements = new Map<string, Statement[]>(
    assembly.ofType('AWS::IAM::Role').map(({ id, properties }) => {
      Role.parse(properties);
      return [assembly.identity(id).ref, []];
    }),
  );
  for (const { properties } of assembly.ofType('AWS::IAM::Policy')) {
    const { PolicyDocument, Roles } = RolePolicy.parse(properties);
    for (const role of Roles) statements.get(role)?.push(...statementsOf(PolicyDocument));
  }
  return statements;
};

const trustOf = (assembly: Assembly): ReadonlyMap<string, readonly Statement[]> =>
  new Map(
    assembly
      .ofType('AWS::IAM::Role')
      .map(({ id, properties }) => [
        assembly.identity(id).ref,
        statementsOf(Role.parse(properties).AssumeRolePolicyDocument),
      ]),
  );

const ownerStatements = (assembly: Assembly): ReadonlyMap<string, readonly Statement[]> => {
  const statements = new Map<string, readonly Statement[]>();
  for (const { type, owners } of RESOURCE_POLICIES)
    for (const { properties } of assembly.ofType(type)) {
      const { PolicyDocument, owners: names } = owners.parse(properties);
      for (const name of names) statements.set(name, statementsOf(PolicyDocument));
    }
  return statements;
};

export const createLedger = (assembly: Assembly): Ledger => {
  const roles = roleStatements(assembly);
  const trust = trustOf(assembly);
  const owned = ownerStatements(assembly);
  const unused = new Set(
    [...roles].flatMap(([role, statements]) =>
      statements.flatMap(grantsOf).map(({ action, resource }) => keyOf(role, action, resource)),
    ),
  );
  const denials: string[] = [];
  return {
    authorize: (roleArn, access) => {
      const role = nameOf(roleArn);
      const { outcome, by } = decide(roles.get(role) ?? [], access);
      for (const { action, resource } of by) unused.delete(keyOf(role, action, resource));
      if (outcome !== 'allowed') denials.push(`${keyOf(role, access.action, access.resource)} is ${outcome}`);
      return outcome === 'allowed';
    },
    authorizeService: (service, access, owner) => {
      const { outcome } = decideFor(owned.get(owner) ?? [], { Service: service }, access);
      if (outcome !== 'allowed') denials.push(`${keyOf(service, access.action, access.resource)} is ${outcome}`);
      return outcome === 'allowed';
    },
    trusts: (roleArn, caller) => {
      const access = { action: 'sts:AssumeRole', resource: roleArn };
      const isTrusted = decideFor(trust.get(nameOf(roleArn)) ?? [], caller, access).outcome === 'allowed';
      if (!isTrusted) denials.push(`${nameOf(roleArn)} does not trust ${JSON.stringify(caller)}`);
      return isTrusted;
    },
    lacks: (sentence) => void denials.push(sentence),
    denials,
    unused: () => [...unused],
  };
};
