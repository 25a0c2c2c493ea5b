import { createEventDelivery } from '../../../functions/event-delivery/event-delivery.ts';
import type { BatchResponse } from '../../../functions/shared/runtime/batch-response.ts';
import { anAwsAccount, awsDeliveries } from '../../support/aws-social.ts';
import { type Json, mutatedJson, mutateText, pick, type Random } from './mutate.ts';
import type { Target } from './target.ts';
import { ENDPOINT, type FuzzWorld } from './world.ts';

const SIGNING_SECRET = `whsec_${btoa('the-secret-of-the-test-endpoints')}`;

const aRecord = (body: string, attempt = 1) => ({
  messageId: 'queued-1',
  receiptHandle: 'receipt-1',
  body,
  attributes: { ApproximateReceiveCount: String(attempt) },
});

const isKept = (sent: unknown): boolean => (sent as BatchResponse).batchItemFailures.length > 0;

/** Whether a text, or a text in it, names one of the ids of our business account at AWS or Meta. */
const namesAccount = (text: string): boolean => {
  const { wabaId, metaWabaId } = anAwsAccount();
  return text.includes(wabaId.replace('waba-', '')) || text.includes(metaWabaId);
};

/** A message of the queue is stored only where it names our account; one that is no event stays in the queue. */
const awsEvents = ({ queue, world }: FuzzWorld): Target => ({
  name: 'events of AWS End User Messaging Social',
  make: (random) => {
    const { body: delivered } = pick(random, awsDeliveries);
    const inner = random() < 0.5 ? mutatedInside(random, JSON.parse(delivered)) : undefined;
    const body = inner ?? mutatedJson(random, JSON.parse(delivered));
    return {
      text: body,
      bytes: body.length,
      send: async () => {
        world.undrained();
        world.advance(world.undrained());
        return queue({ Records: [aRecord(body)] });
      },
      judge: (sent) => {
        const stored = world.undrained().length;
        const fault = stored > 0 && !namesAccount(body) ? 'stored what names no account of ours' : undefined;
        return { answer: isKept(sent) ? 'stays in the queue' : stored > 0 ? 'stored' : 'ignored', fault };
      },
    };
  },
});

/** Changes the JSON text that an envelope carries. */
const mutatedInside = (random: Random, envelope: Readonly<Record<string, Json>>): string => {
  const [name, text] =
    Object.entries(envelope).find(([, value]) => typeof value === 'string' && value.startsWith('{')) ?? [];
  if (name === undefined || typeof text !== 'string') return mutatedJson(random, envelope);
  return JSON.stringify({ ...envelope, [name]: mutatedJson(random, JSON.parse(text)) });
};

const DELIVERY = {
  channel: 'support',
  url: ENDPOINT,
  type: 'session.opened',
  detail: {
    id: 'evt_01234567890123456789012345',
    occurredAt: '2026-11-20T12:00:00.000Z',
    version: 1,
    channel: 'support',
  },
};
const BUS = { source: 'carewindow', 'detail-type': DELIVERY.type, detail: DELIVERY.detail };

const STATUSES = [200, 201, 204, 299, 301, 302, 304, 400, 401, 404, 410, 429, 500, 503, 599, 0, 100, 999];
const HEADERS = [
  '30',
  '0',
  '-5',
  '1e9',
  '99999999999999999999',
  'NaN',
  '',
  'Fri, 20 Nov 2026 13:00:00 GMT',
  '٣',
  ' 5 ',
];

/** The longest that SQS hides a message. */
const SQS_SECONDS = 43_200;

/** A delivery leaves the queue exactly when its endpoint answered 2xx, and is retried within what SQS allows. */
const endpointAnswers = ({ config, world, setAnswer }: FuzzWorld): Target => {
  let delays: number[] = [];
  const { options } = world.of('fuzz');
  const deliver = createEventDelivery({
    ...options,
    config,
    queue: { send: async () => undefined, changeVisibility: async (_, seconds) => void delays.push(seconds) },
    store: { recordOutcome: async () => undefined },
    secretsOf: async () => [SIGNING_SECRET],
    random: Math.random,
  });
  return {
    name: 'answers of endpoints, and messages of the delivery queue',
    make: (random) => {
      const isChanged = random() < 0.5;
      const message = isChanged ? mutatedJson(random, pick(random, [DELIVERY, BUS])) : JSON.stringify(DELIVERY);
      const status = pick(random, STATUSES);
      const attempt = pick(random, [1, 2, 4, 9, 10, 11]);
      const after = random() < 0.5 ? pick(random, HEADERS) : mutateText(random, pick(random, HEADERS));
      const text = JSON.stringify([status, after, attempt, message]);
      return {
        text,
        bytes: text.length,
        send: async () => {
          delays = [];
          setAnswer({ status, headers: [['retry-after', after]], text: async () => text });
          try {
            return await deliver({ Records: [aRecord(message, attempt)] });
          } finally {
            setAnswer(undefined);
          }
        },
        judge: (sent) => {
          const isWrong = !isChanged && isKept(sent) === (status >= 200 && status <= 299);
          const isRefused = delays.some(
            (seconds) => !Number.isInteger(seconds) || seconds < 0 || seconds > SQS_SECONDS,
          );
          return {
            answer: isKept(sent) ? 'stays in the queue' : 'leaves the queue',
            fault: isWrong ? 'kept or lost wrongly' : isRefused ? `a delay of ${delays.join(', ')}` : undefined,
          };
        },
      };
    },
  };
};

const SENT = { messaging_product: 'whatsapp', messages: [{ id: 'wamid.out', message_status: 'accepted' }] };
const PROVIDER_ANSWERS: readonly Json[] = [
  SENT,
  { message_id: '01KADQ2M7S0V9T4JYB6GSENT01', accepted_time: '2026-11-20T12:00:00Z' },
  { error: { code: 131_047, message: 'Re-engagement message', error_data: { details: '24 hours' }, fbtrace_id: 'A' } },
  { error: { code: 400, message: 'Bad', status: 'INVALID_ARGUMENT', details: [{ '@type': 'a', reason: 'x' }] } },
  { data: [{ name: 'a', language: 'en', status: 'APPROVED', category: 'UTILITY', components: [] }], paging: {} },
  {
    templates: [{ name: 'a', translations: [{ language: 'en' }] }],
    totalCount: 1,
    totalSize: 1,
    pageSize: 10,
    currentPage: 1,
  },
];

/** What a provider's answer may lead to: never to a fault of ours. */
const OF_PROVIDERS = [200, 201, 202, 409, 422, 502, 503];

const PROVIDER_STATUSES = [200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 599];

/** A changed answer of a provider never fails in the service, whether to a send or to the reading of templates. */
const providerAnswers = ({ setAnswer, takeFault, ...fuzzed }: FuzzWorld, calls: ProviderCalls): Target => ({
  name: 'answers of providers',
  make: (random) => {
    const body = random() < 0.9 ? mutatedJson(random, pick(random, PROVIDER_ANSWERS)) : mutateText(random, '<html>');
    const status = pick(random, PROVIDER_STATUSES);
    const after = pick(random, HEADERS);
    const call = calls(random, fuzzed);
    const text = JSON.stringify([status, after, body]);
    return {
      text,
      bytes: text.length,
      send: async () => {
        setAnswer({ status, headers: [['retry-after', after]], text: async () => body });
        try {
          return await call();
        } finally {
          setAnswer(undefined);
        }
      },
      judge: (sent) => {
        const { status: answer } = sent as { readonly status: number };
        return { answer, fault: OF_PROVIDERS.includes(answer) ? undefined : takeFault() };
      },
    };
  },
});

type ProviderCalls = (random: Random, fuzzed: Pick<FuzzWorld, 'call'>) => () => Promise<unknown>;

export const queueTargets = (fuzzed: FuzzWorld, calls: ProviderCalls): readonly Target[] => [
  awsEvents(fuzzed),
  endpointAnswers(fuzzed),
  providerAnswers(fuzzed, calls),
];
