import * as z from 'zod';

const list = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const Principal = z.union([
  z.literal('*').transform((): { AWS?: string[]; Service?: string[] } => ({ AWS: ['*'] })),
  z.strictObject({ AWS: list.optional(), Service: list.optional() }),
]);

const literal = (text: string): string => text.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');

/** Whether a text has the form of a pattern with `*` and `?`. */
export const isLike = (pattern: string, text: string): boolean =>
  new RegExp(`^${literal(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);

const OPERATORS: Readonly<Record<string, (wanted: string, given: string) => boolean>> = {
  ArnEquals: isLike,
  ArnLike: isLike,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringEquals: (wanted, given) => wanted === given,
  StringLike: isLike,
};

/** What the evaluator understands; a policy with anything else is refused, never guessed. */
const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principal.optional(),
  Action: list,
  /** The policy of a role's trust has none. */
  Resource: list.default(['*']),
  Condition: z
    .record(
      z
        .string()
        .refine((operator) => OPERATORS[operator] !== undefined, 'is no condition operator that the rehearsal knows'),
      z.record(z.string(), list),
    )
    .default({}),
});
export type Statement = z.output<typeof Statement>;

const Document = z.object({ Statement: z.array(Statement) });

/** The statements of a policy document. */
export const statementsOf = (document: unknown): readonly Statement[] => Document.parse(document).Statement;

/** A call to AWS, as IAM sees it. */
export interface Access {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** The ARN on which it acts, or `*` for an action that supports no other. */
  readonly resource: string;
  /** Condition keys and their values. */
  readonly context?: Readonly<Record<string, string>>;
}

/** A key that the call does not have meets no condition. */
const meetsConditions = ({ Condition }: Statement, { context = {} }: Access): boolean =>
  Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context[key];
      return given !== undefined && wanted.some((one) => OPERATORS[operator]?.(one, given) === true);
    }),
  );

/** The pairs of action and resource of a statement that match a call. */
const matchesIn = (statement: Statement, access: Access): readonly Grant[] =>
  grantsOf(statement).filter(
    ({ action, resource }) =>
      isLike(action.toLowerCase(), access.action.toLowerCase()) && isLike(resource, access.resource),
  );

/** One action on one resource of a statement. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
}

export const grantsOf = ({ Action, Resource }: Statement): readonly Grant[] =>
  Action.flatMap((action) => Resource.map((resource) => ({ action, resource })));

export interface Decision {
  readonly outcome: 'allowed' | 'denied' | 'not granted';
  /** What allows it. */
  readonly by: readonly Grant[];
}

/** Decides as IAM does: a statement that denies ends it, else one that allows is needed. */
export const decide = (statements: readonly Statement[], access: Access): Decision => {
  const of = (effect: Statement['Effect']) =>
    statements
      .filter((statement) => statement.Effect === effect && meetsConditions(statement, access))
      .flatMap((statement) => matchesIn(statement, access));
  if (of('Deny').length > 0) return { outcome: 'denied', by: [] };
  const by = of('Allow');
  return { outcome: by.length > 0 ? 'allowed' : 'not granted', by };
};

/** Who calls: a role by its ARN, or a service of AWS. */
export type Caller = { readonly AWS: string } | { readonly Service: string };

const isFor = ({ Principal }: Statement, caller: Caller): boolean => {
  if (Principal === undefined) return false;
  const names = 'AWS' in caller ? Principal.AWS : Principal.Service;
  const name = 'AWS' in caller ? caller.AWS : caller.Service;
  return Principal.AWS?.includes('*') === true || names?.includes(name) === true;
};

/** Decides by the policy of a resource, for one caller. */
export const decideFor = (statements: readonly Statement[], caller: Caller, access: Access): Decision =>
  decide(
    statements.filter((statement) => isFor(statement, caller)),
    access,
  );
