import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { arnOf } from '../assembly/identities.ts';
import { type Change, changesBetween } from './change-set.ts';
import { QueryError } from './query.ts';
import type { Uploaded } from './uploaded.ts';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly uploaded: Uploaded;
  readonly changes: readonly Change[];
}

/** An event of a stack, or of one of its resources. */
export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly token: string | undefined;
  readonly at: Date;
}

export interface DeployedStack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  status: string;
  deployed: Uploaded | undefined;
  /** What the last change set that was executed did. */
  lastChanges: readonly Change[];
  readonly changeSets: Map<string, ChangeSet>;
  /** The newest first. */
  readonly events: StackEvent[];
}

/** A resource that was left when its stack was deleted. */
export interface Retained {
  readonly stack: string;
  readonly type: string;
}

const Retention = z.looseObject({ DeletionPolicy: z.string().default('Delete') });

const DELETED = 'DELETE_COMPLETE';

const DONE = { Add: 'CREATE', Modify: 'UPDATE', Remove: 'DELETE' } as const;

const createStack = (name: string): DeployedStack => ({
  id: arnOf('cloudformation', `stack/${name}/${randomUUID()}`),
  name,
  createdAt: new Date(),
  status: 'REVIEW_IN_PROGRESS',
  deployed: undefined,
  lastChanges: [],
  changeSets: new Map(),
  events: [],
});

type Recorded = Pick<StackEvent, 'status' | 'token'> & Partial<StackEvent>;

/** An event without a logical id is one of the stack itself. */
const record = (stack: DeployedStack, event: Recorded): void => {
  const own = { logicalId: stack.name, type: 'AWS::CloudFormation::Stack' };
  stack.events.unshift({ id: randomUUID(), at: new Date(), ...own, ...event });
  if (event.logicalId === undefined) stack.status = event.status;
};

const nestedNameOf = (stack: DeployedStack, logicalId: string): string => `${stack.name}-${logicalId}`;

/** The stacks of one account and region, whose work is done at once; `hasObject` tells whether a file is in the bucket. */
export const createStacks = (hasObject: (key: string) => boolean) => {
  const stacks: DeployedStack[] = [];
  const retained: Retained[] = [];
  /** CloudFormation finds a deleted stack by its id alone. */
  const find = (name: string): DeployedStack | undefined =>
    stacks.find((stack) => stack.id === name || (stack.name === name && stack.status !== DELETED));
  const add = (name: string): DeployedStack => {
    const stack = createStack(name);
    stacks.push(stack);
    return stack;
  };
  const setNested = (stack: DeployedStack, { nested }: Uploaded): void => {
    for (const [id, text] of Object.entries(nested)) {
      const name = nestedNameOf(stack, id);
      const deployed = { text, resources: {}, nested: {}, code: [], outputs: () => ({}) };
      Object.assign(find(name) ?? add(name), { deployed, status: 'CREATE_COMPLETE' });
    }
  };
  return {
    find,
    get: (name: string): DeployedStack => {
      const stack = find(name);
      if (stack === undefined) throw new QueryError('ValidationError', `Stack with id ${name} does not exist`);
      return stack;
    },
    /** The id of a resource, which for a nested stack is that of the stack. */
    physicalIdOf: (stack: DeployedStack, logicalId: string): string =>
      find(nestedNameOf(stack, logicalId))?.id ?? logicalId,
    retained: (): readonly Retained[] => retained,
    createChangeSet: async (stackName: string, { name, uploaded }: Pick<ChangeSet, 'name' | 'uploaded'>) => {
      const stack = find(stackName) ?? add(stackName);
      const changes = await changesBetween(stack.deployed?.resources ?? {}, uploaded.resources);
      const id = arnOf('cloudformation', `changeSet/${name}/${randomUUID()}`);
      const changeSet: ChangeSet = { id, name, uploaded, changes };
      stack.changeSets.set(id, changeSet);
      return { stack, changeSet };
    },
    /** Does what the change set says; code that is not in the bucket ends it, as in CloudFormation. */
    execute: (stack: DeployedStack, { uploaded, changes }: ChangeSet, token: string | undefined): void => {
      const verb = stack.deployed === undefined ? 'CREATE' : 'UPDATE';
      record(stack, { status: `${verb}_IN_PROGRESS`, token });
      for (const { logicalId, type, action } of changes)
        record(stack, { logicalId, type, status: `${DONE[action]}_COMPLETE`, token });
      stack.changeSets.clear();
      const missing = uploaded.code.find((key) => !hasObject(key));
      if (missing !== undefined) {
        const status = verb === 'CREATE' ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
        record(stack, { status, token, reason: `The code ${missing} is not in the bucket` });
        return;
      }
      Object.assign(stack, { deployed: uploaded, lastChanges: changes });
      setNested(stack, uploaded);
      record(stack, { status: `${verb}_COMPLETE`, token });
    },
    delete: (stack: DeployedStack, token: string | undefined): void => {
      for (const resource of Object.values(stack.deployed?.resources ?? {}))
        if (Retention.parse(resource).DeletionPolicy.startsWith('Retain'))
          retained.push({ stack: stack.name, type: resource.Type });
      for (const id of Object.keys(stack.deployed?.nested ?? {}))
        Object.assign(find(nestedNameOf(stack, id)) ?? {}, { status: DELETED });
      record(stack, { status: DELETED, token });
    },
  };
};
export type Stacks = ReturnType<typeof createStacks>;
