import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { callOnce } from '../../functions/shared/network/http-call.ts';
import { toReference } from '../../functions/shared/store/message/message-reference.ts';
import { answeredWith, type Place, sendEvent, webhookEvent } from './handlers.ts';
import type { Act } from './measure.ts';
import { SENDS_AT } from './noon.ts';
import { customerOf, secondOf, statusOf, textsOf } from './webhooks.ts';

/** One kind of operation of the service, of which each run does the same number. */
export interface Scenario {
  readonly size: number;
  /** Brings the table into the state in which the runs begin. */
  readonly prepare: (runs: number) => Promise<readonly Act[]>;
  readonly acts: (run: number) => readonly Act[];
  /** What the raw requests of an operation need beside the table. */
  readonly beside?: Act;
}

export interface Handlers {
  readonly webhook: HttpHandler;
  readonly outbound: HttpHandler;
}

const each = <T>(size: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: size }, (_, i) => make(i));

const aText = ({ webhook }: Handlers, customer: number, run: number): Act =>
  answeredWith(
    webhook,
    webhookEvent(textsOf([{ customer, id: `wamid.${customer}.${run}`, at: secondOf(customer, run) }])),
    200,
  );

const known =
  (size: number) =>
  (handlers: Handlers): Scenario => ({
    size,
    prepare: async () => each(size, (customer) => aText(handlers, customer, 0)),
    acts: (run) => each(size, (customer) => aText(handlers, customer, run)),
  });

const first =
  (size: number) =>
  (handlers: Handlers): Scenario => ({
    size,
    prepare: async () => [],
    acts: (run) => each(size, (index) => aText(handlers, run * size + index, 0)),
  });

const aSend = ({ outbound }: Handlers, customer: number): (() => Promise<string>) =>
  answeredWith(outbound, sendEvent(customerOf(customer)), 201);

const graphCall = ({ provider }: Place): Act => {
  const body = JSON.stringify({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '491511000000',
    type: 'text',
    text: { body: 'On its way.', preview_url: false },
    biz_opaque_callback_data: 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S',
  });
  const headers = { authorization: 'Bearer fixture-access-token', 'content-type': 'application/json' };
  return () => callOnce({ url: `${provider}/v26.0/300000000000001/messages`, headers, body, timeoutMs: 10_000 });
};

const sends =
  (size: number) =>
  (handlers: Handlers, place: Place): Scenario => ({
    size,
    prepare: async () => each(size, (customer) => aText(handlers, customer, 0)),
    acts: () => each(size, (customer) => aSend(handlers, customer)),
    beside: graphCall(place),
  });

/** Each message of the business gets one `delivered`. */
const statuses =
  (size: number) =>
  (handlers: Handlers): Scenario => {
    const references: string[] = [];
    const send =
      (index: number): Act =>
      async () => {
        const { id } = JSON.parse(await aSend(handlers, index % size)()) as { id: string };
        references[index] = toReference({
          atMs: SENDS_AT * 1_000,
          id,
          customer: CustomerKey.parse(customerOf(index % size)),
        });
      };
    const delivered = (index: number): Act => {
      const message = {
        customer: index % size,
        id: `wamid.out.${index}`,
        reference: references[index] ?? '',
        at: SENDS_AT + 5,
      };
      return answeredWith(handlers.webhook, webhookEvent(statusOf(message)), 200);
    };
    return {
      size,
      prepare: async (runs) => [...each(size, (customer) => aText(handlers, customer, 0)), ...each(size * runs, send)],
      acts: (run) => each(size, (index) => delivered(run * size + index)),
    };
  };

/** The largest webhook that Meta sends: a thousand messages, three megabytes. */
const LARGEST = { messages: 1_000, characters: 2_800 };

export const largestWebhook = (run: number) =>
  webhookEvent(
    textsOf(
      each(LARGEST.messages, (customer) => ({
        customer,
        id: `wamid.${customer}.${run}`,
        at: secondOf(customer, run),
        text: 'x'.repeat(LARGEST.characters),
      })),
    ),
  );

const thousand = ({ webhook }: Handlers): Scenario => ({
  size: 1,
  prepare: async () => [answeredWith(webhook, largestWebhook(0), 200)],
  acts: (run) => [answeredWith(webhook, largestWebhook(run), 200)],
});

/** What is measured against its own raw requests. */
export const SCENARIOS = {
  known: known(1_500),
  first: first(400),
  delivered: statuses(300),
  send: sends(400),
  thousand,
} as const satisfies Readonly<Record<string, (handlers: Handlers, place: Place) => Scenario>>;

export type ScenarioName = keyof typeof SCENARIOS;
