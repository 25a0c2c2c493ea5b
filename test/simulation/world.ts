import { Config } from '../../functions/shared/domain/config.ts';
import type { BusEntry } from '../../functions/shared/runtime/event-bus.ts';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createTemplateStore } from '../../functions/shared/store/template/template-registry.ts';
import { aMetaAccount, aMetaChannel } from '../support/meta.ts';
import { aSinchAccount, aSinchChannel } from '../support/sinch.ts';
import { aTemplate } from '../support/templates.ts';
import { type Contention, runAgain, runContended } from './dynamo/contention.ts';
import { createMemoryClient, type Request, type Wire } from './dynamo/memory-client.ts';
import { type Change, createMemoryTable, type Snapshot } from './dynamo/memory-table.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { type Containers, createContainers, TABLE_NAME } from './service.ts';
import type { ProviderAnswer, ProviderRequest } from './virtual.ts';

/**
 * What becomes of a step: `repeated` is the SDK's own second attempt after a lost answer, `rate_limited` a provider or a bus
 * that takes no more for now.
 */
export type Outcome =
  | 'done'
  | 'lost'
  | 'answer_lost'
  | 'repeated'
  | 'crash_before'
  | 'crash_after'
  | 'rate_limited'
  | Contention;

const CONTENTION: ReadonlySet<string> = new Set(['conflict', 'throttled', 'throttled_for_long'] satisfies Contention[]);
const isContention = (outcome: Outcome): outcome is Contention => CONTENTION.has(outcome);

/** One request of an actor to the table, a provider or the bus, which waits for its turn. */
export interface Step {
  readonly label: string;
  /** What it reads and writes, as the world is now. */
  readonly footprint: () => Footprint;
  readonly settle: (outcome: Outcome) => void;
}

/** A message that a provider accepted. */
export interface Accepted {
  readonly reference: string;
  readonly atMs: number;
  readonly isTemplate: boolean;
  readonly isSinch: boolean;
  readonly id: string;
}

const lostConnection = (code: string) =>
  Object.assign(new Error('connection lost'), { code, ...(code === 'ECONNREFUSED' ? { syscall: 'connect' } : {}) });

const BUS: Footprint = { reads: [], writes: ['bus'] };
const PROVIDER: Footprint = { reads: [], writes: ['provider'] };

const isTransaction = ({ name }: Request): boolean => name === 'TransactWriteItems';

/** The SDK sends a request twice; DynamoDB knows a transaction by its token, and every other request again. */
const runTwice = (request: Request): object => {
  let first: object | undefined;
  try {
    first = request.run();
  } catch {
    // The second attempt is answered.
  }
  if (first !== undefined && isTransaction(request)) return first;
  return runAgain(() => request.run());
};

/** One number at Meta. */
export const META_ONLY: Config = Config.parse({
  accounts: [aMetaAccount({ baseUrl: 'http://meta' })],
  channels: [aMetaChannel()],
});

/** The state of a world between two runs. */
export interface WorldState extends Snapshot {
  readonly now: Date;
  readonly accepted: readonly Accepted[];
  readonly published: readonly BusEntry[];
  /** Changes that no stream has processed. */
  readonly undrained: readonly Change[];
  readonly ids: number;
}

const jsonAnswer = (status: number, body: object): ProviderAnswer => ({
  status,
  headers: [],
  text: async () => JSON.stringify(body),
});

/** What a provider answers who is sent too much at once. */
const rateLimited = (url: string): ProviderAnswer =>
  url.startsWith('http://meta')
    ? jsonAnswer(400, { error: { message: '(#131056) Pair rate limit hit', type: 'OAuthException', code: 131056 } })
    : jsonAnswer(429, { error: { code: 429, message: 'Too many requests', status: 'RESOURCE_EXHAUSTED' } });

/** One number at Meta and one at Sinch. */
export const BOTH_PROVIDERS: Config = Config.parse({
  accounts: [
    aMetaAccount({ baseUrl: 'http://meta' }),
    aSinchAccount({ baseUrl: 'http://sinch', authUrl: 'http://sinch/oauth2/token' }),
  ],
  channels: [aMetaChannel({ closingLeadSeconds: 900 }), aSinchChannel({ closingLeadSeconds: 900 })],
});

/** The templates that the actors send. */
const TEMPLATES = [aTemplate(), aTemplate({ name: 'offers', category: 'MARKETING' })];

/** What a simulation sees of the steps, and how it reads. */
interface Watch {
  /** Called with each message that a provider accepts. */
  accept: (accepted: Accepted) => unknown;
  /** Called after each request of an actor that took effect. */
  request: (request: Request) => unknown;
  /** Called after each request that the table refused. */
  refused: (request: Request, fault: unknown) => unknown;
  /** Whether an eventually consistent read is behind. */
  isStale: () => boolean;
}

const unwatched = (): Watch => ({
  accept: () => undefined,
  request: () => undefined,
  refused: () => undefined,
  isStale: () => false,
});

/** A table, providers and a bus, and containers of the service whose every step waits until it is told its outcome. */
export const createWorld = (config: Config) => {
  let now = new Date(0);
  let ids = 0;
  let accepted: Accepted[] = [];
  let published: BusEntry[] = [];
  let undrained: Change[] = [];
  let caller = '';
  const waiting = new Map<string, Step[]>();
  let watch = unwatched();
  const table = createMemoryTable(() => now);

  const enqueue = <T>(actor: string, step: Omit<Step, 'settle'>, settle: (outcome: Outcome) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const perform = (outcome: Outcome): void => {
        const crashes = outcome.startsWith('crash');
        try {
          const result = settle(outcome);
          if (!crashes) resolve(result);
        } catch (fault) {
          if (!crashes) reject(fault);
        }
      };
      const steps = waiting.get(actor);
      if (steps === undefined) perform('done');
      else steps.push({ ...step, settle: perform });
    });

  /** Makes a step take effect as its outcome says. */
  const effect = <T>(outcome: Outcome, run: () => T, code = 'ECONNRESET'): T => {
    if (outcome === 'lost' || outcome === 'crash_before') throw lostConnection(code);
    const result = run();
    if (outcome === 'answer_lost') throw lostConnection('ECONNRESET');
    return result;
  };

  const wireOf =
    (actor: string): Wire =>
    (request) =>
      enqueue(actor, { label: request.name, footprint: () => footprintOf(table, request) }, (outcome) => {
        if (outcome === 'repeated') return runTwice(request);
        const run = () => {
          try {
            const answer = request.run(watch.isStale());
            watch.request(request);
            return answer;
          } catch (fault) {
            watch.refused(request, fault);
            throw fault;
          }
        };
        return isContention(outcome) ? runContended(request, outcome, run) : effect(outcome, run);
      });

  const publishOf = (actor: string) => (entries: readonly BusEntry[]) =>
    enqueue(actor, { label: 'bus', footprint: () => BUS }, (outcome) =>
      effect(outcome, () => {
        if (outcome === 'rate_limited') return entries.map(() => false);
        published.push(...entries);
        return entries.map(() => true);
      }),
    );

  const containers = new Map<string, Containers>();

  const accept = (body: Readonly<Record<string, string>>): ProviderAnswer => {
    ids += 1;
    const id = `wamid.out.${ids}`;
    const reference = `${body['biz_opaque_callback_data'] ?? body['message_metadata']}`;
    const isTemplate = body['type'] === 'template' || JSON.stringify(body).includes('template_message');
    const message = { reference, atMs: now.getTime(), isTemplate, isSinch: 'message_metadata' in body, id };
    accepted.push(message);
    watch.accept(message);
    return jsonAnswer(200, { messaging_product: 'whatsapp', messages: [{ id }], message_id: id, accepted_time: now });
  };

  return {
    table,
    accepted: () => accepted,
    published: () => published,
    now: () => now,
    setNow: (at: Date) => {
      now = at;
    },
    watch: (by: Partial<Watch>) => {
      watch = { ...watch, ...by };
    },
    /** The container of an actor, whose clock may differ; its steps wait once it is {@link hold held}. */
    of: (actor: string, aheadMs = 0): Containers => {
      const name = `${actor} ${aheadMs}`;
      const known = containers.get(name);
      if (known !== undefined) return known;
      const created = createContainers({
        config,
        table,
        now: () => new Date(now.getTime() + aheadMs),
        newId: () => {
          ids += 1;
          return String(ids).padStart(26, '0');
        },
        wire: wireOf(actor),
        publish: publishOf(actor),
      });
      containers.set(name, created);
      return created;
    },
    hold: (actor: string): readonly Step[] => {
      const steps: Step[] = [];
      waiting.set(actor, steps);
      return steps;
    },
    release: () => waiting.clear(),
    /** Whose code runs next, so that its calls of a provider are known as its own. */
    setCaller: (actor: string) => {
      caller = actor;
    },
    fetch: ({ body = '{}', url }: ProviderRequest): Promise<ProviderAnswer> => {
      if (url.endsWith('/oauth2/token'))
        return Promise.resolve(jsonAnswer(200, { access_token: 'token', expires_in: 3_600, token_type: 'bearer' }));
      return enqueue(caller, { label: 'provider', footprint: () => PROVIDER }, (outcome) =>
        // A connection that was refused is known to have sent nothing.
        outcome === 'lost'
          ? effect('lost', () => jsonAnswer(200, {}), 'ECONNREFUSED')
          : effect(outcome, () => (outcome === 'rate_limited' ? rateLimited(url) : accept(JSON.parse(body)))),
      );
    },
    /** What has changed and no stream has processed. */
    undrained: (): readonly Change[] => {
      undrained = [...undrained, ...table.takeChanges()];
      return undrained;
    },
    /** The stream goes on after these. */
    advance: (processed: readonly Change[]) => {
      undrained = undrained.filter((change) => !processed.includes(change));
    },
    /** Makes the stream deliver these again. */
    repeat: (changes: readonly Change[]) => {
      undrained = [...changes, ...undrained, ...table.takeChanges()];
    },
    /** Deletes what has passed its time to live, as DynamoDB does some day; returns how many sessions. */
    expire: (): number => {
      const seconds = now.getTime() / 1000;
      const expired = table.all().filter(({ expiresAt }) => Number(expiresAt?.N ?? Number.POSITIVE_INFINITY) < seconds);
      for (const { pk, sk } of expired) table.write({ pk: pk?.S ?? '', sk: sk?.S ?? '' }, undefined);
      return expired.filter(({ sk }) => sk?.S === 'SESSION').length;
    },
    save: (): WorldState => {
      undrained = [...undrained, ...table.takeChanges()];
      return { ...table.snapshot(), now, accepted: [...accepted], published: [...published], undrained, ids };
    },
    /** What everything that follows depends on, but for the ids that are made. */
    fingerprint: (): string => {
      undrained = [...undrained, ...table.takeChanges()];
      const all = JSON.stringify([now, table.all(), accepted, published, undrained]);
      // The name of an anonymous member is random.
      return all.replaceAll(/erased-[0-9a-f-]{36}/g, 'erased');
    },
    restore: (state: WorldState) => {
      table.restore(state);
      waiting.clear();
      watch = unwatched();
      ({ now, ids } = state);
      accepted = [...state.accepted];
      published = [...state.published];
      undrained = [...state.undrained];
    },
    /** Registers the approved templates that the actors send. */
    registerTemplate: async (): Promise<void> => {
      const documents = toDocumentClient(createMemoryClient(table));
      const store = createTemplateStore({ documents, tableName: TABLE_NAME });
      for (const { id: account } of config.accounts)
        await store.replaceTemplates({ account, templates: TEMPLATES, askedAt: now });
    },
  };
};
export type World = ReturnType<typeof createWorld>;
