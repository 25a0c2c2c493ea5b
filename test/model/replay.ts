import * as z from 'zod';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createMemoryClient } from '../simulation/dynamo/memory-client.ts';
import { createMemoryTable } from '../simulation/dynamo/memory-table.ts';
import { CHANNEL, secondsAfterNoon } from '../support/arrivals.ts';
import { aChange, aNotification, aStatus, aValue, signMeta, toBytes } from '../support/meta.ts';
import { aProviderServer } from '../support/provider-server.ts';
import { aConfig, aService } from '../support/service.ts';
import { createSessionsStore } from '../support/sessions-store.ts';
import { aTemplate, aTemplateContent, register } from '../support/templates.ts';
import type { Step, Trace } from './trace.ts';

/** A third of a day, the model's unit of time. */
const TICK_SECONDS = 28_800;

/** The customer's names in the model, and here. */
const NAMES: Readonly<Record<string, CustomerKey>> = {
  number: CustomerKey.parse('+16505551234'),
  user: CustomerKey.parse('US.13491208655302741918'),
};
const nameOf = (name: string): CustomerKey => {
  const key = NAMES[name];
  if (key === undefined) throw new Error(`the model has no name ${name}`);
  return key;
};
const WA_ID = '16505551234';

const secondsOf = (tick: number): number => (tick - 1) * TICK_SECONDS;
const epochOf = (tick: number): string => String(secondsAfterNoon(secondsOf(tick)).getTime() / 1000);

/** A customer's text as Meta sends it, with the names that it shows. */
const aWebhookOf = ({ names, at }: { readonly names: readonly string[]; readonly at: number }) => {
  const isShown = (name: string) => names.includes(name);
  const from = {
    ...(isShown('number') ? { from: WA_ID } : {}),
    ...(isShown('user') ? { from_user_id: NAMES['user'] } : {}),
  };
  const contact = {
    ...(isShown('number') ? { wa_id: WA_ID } : {}),
    ...(isShown('user') ? { user_id: NAMES['user'] } : {}),
  };
  const id = `wamid.${names.toSorted().join('-')}.${at}`;
  const message = { ...from, id, timestamp: epochOf(at), type: 'text', text: { body: 'Hello' } };
  return aNotification(aChange(aValue({ contacts: [{ profile: { name: 'Mira' }, ...contact }], messages: [message] })));
};

/** What the code shows after a step, in the words of the model. */
export interface Observed {
  readonly answer: string;
  readonly calls: number;
  readonly view: Readonly<Record<string, { readonly isOpen: boolean; readonly isUsed: boolean }>>;
}

interface Sent {
  readonly body: object;
  /** What comes back in the statuses of the message. */
  readonly reference: string;
}

const WithReference = z.object({ biz_opaque_callback_data: z.string() });

const referenceIn = (body: unknown): string => WithReference.parse(body).biz_opaque_callback_data;

/** The code on a table in memory, at the beginning of the model. */
const startCode = async () => {
  const client = createMemoryClient(createMemoryTable());
  const table = { tableName: 'sessions', client };
  const documents = toDocumentClient(client);
  let isUnknown = false;
  const provider = await aProviderServer(({ body }) =>
    isUnknown ? { hangUp: true } : { body: { messages: [{ id: `wamid.of.${referenceIn(body)}` }] } },
  );
  const service = aService(table, aConfig(provider.url));
  const store = createSessionsStore({ documents, tableName: table.tableName });
  await register({ store }, aTemplate());
  for (const customer of Object.values(NAMES))
    await store.recordConsent({
      channel: CHANNEL,
      customer,
      now: secondsAfterNoon(0),
      change: {
        id: `opted_in.${customer}`,
        scope: 'all',
        state: 'opted_in',
        effectiveAt: secondsAfterNoon(0).getTime() / 1000,
        source: 'website',
        actor: 'test',
      },
    });
  return {
    service,
    provider,
    setOutcome: (outcome: string) => {
      isUnknown = outcome === 'doubt';
    },
  };
};

/** Plays a trace of the model on the code; calls `check` with what the code shows after each step. */
export const replay = async ({ steps }: Trace, check: (step: Step, observed: Observed) => void): Promise<void> => {
  const { service, provider, setOutcome } = await startCode();
  const sent = new Map<string, Sent>();
  const post = async (notification: object) => {
    const body = toBytes(notification);
    const headers = { 'x-hub-signature-256': signMeta(body) };
    const { status } = await service.webhook('POST /webhooks/meta/{account}', {
      path: { account: 'shop-meta' },
      headers,
      body,
    });
    if (status !== 200) throw new Error(`a webhook was answered with ${status}`);
    return '';
  };
  const send = async ({ picks }: Step, content: object): Promise<string> => {
    const { key = '', name = '', outcome = '' } = picks;
    setOutcome(outcome);
    const body = { channel: CHANNEL, to: nameOf(name), content };
    const answer = await service.send(body, key);
    if (answer.status === 409) return String(answer.body['code']);
    sent.set(key, { body, reference: referenceIn(provider.calls.at(-1)?.body) });
    return answer.status === 202 ? 'doubt' : String(answer.body['status']);
  };
  const report = ({ picks: { key = '', status = '' }, now, sends }: Step): Promise<string> => {
    const { reference = '' } = sent.get(key) ?? {};
    const to = sends[key]?.name === 'user' ? { recipient_user_id: NAMES['user'] } : { recipient_id: WA_ID };
    const errors = status === 'failed' ? { errors: [{ code: 131_026, title: 'Message undeliverable' }] } : {};
    const statuses = [
      aStatus({
        id: `wamid.of.${reference}`,
        status,
        timestamp: epochOf(now),
        biz_opaque_callback_data: reference,
        recipient_id: undefined,
        ...to,
        ...errors,
      }),
    ];
    return post(aNotification(aChange(aValue({ statuses }))));
  };
  const repeat = async ({ picks: { key = '' } }: Step): Promise<string> => {
    const answer = await service.send(sent.get(key)?.body ?? {}, key);
    return answer.headers['idempotent-replayed'] === 'true' ? 'replayed' : `answered anew with ${answer.status}`;
  };
  const actions: Readonly<Record<string, (step: Step) => Promise<string>>> = {
    init: async () => '',
    tick: async () => '',
    write: async () => '',
    arrive: ({ message }) => post(aWebhookOf(message)),
    sendText: (step) => send(step, { type: 'text', text: 'On its way.' }),
    sendTemplate: (step) => send(step, aTemplateContent()),
    report,
    repeat,
  };
  const viewOf = async (name: string) => {
    const { body } = await service.session(CHANNEL, nameOf(name));
    const { available } = Object(body['reengagement']);
    return { isOpen: body['state'] === 'open', isUsed: available === false };
  };
  try {
    for (const step of steps) {
      service.setNow(secondsAfterNoon(secondsOf(step.now)));
      const act = actions[step.action];
      if (act === undefined) throw new Error(`the code has no action ${step.action}`);
      const answer = await act(step);
      const view = { number: await viewOf('number'), user: await viewOf('user') };
      check(step, { answer, calls: provider.calls.length, view });
    }
  } finally {
    await provider.close();
  }
};
