import { Readable } from 'node:stream';
import { createInboundQueue } from '../../../functions/inbound-queue/inbound-queue.ts';
import { createMedia } from '../../../functions/media/media.ts';
import { createMediaRuntime } from '../../../functions/media/runtime.ts';
import { Config } from '../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpHandler } from '../../../functions/shared/http/handler.ts';
import { type HttpFunction, ROUTES } from '../../../functions/shared/http/routes.ts';
import type { FileBucket } from '../../../functions/shared/runtime/file-bucket.ts';
import { createTemplateSync } from '../../../functions/template-sync/template-sync.ts';
import { anAwsAccount, anAwsChannel } from '../../support/aws-social.ts';
import type { ProviderAnswer, ProviderRequest } from '../virtual.ts';
import { BOTH_PROVIDERS, createWorld } from '../world.ts';

/** Where the first channel delivers its events. */
export const ENDPOINT = 'https://crm.example.com/hooks';

const CONFIG = Config.parse({
  accounts: [...BOTH_PROVIDERS.accounts, anAwsAccount()],
  channels: [
    ...BOTH_PROVIDERS.channels.map((channel) =>
      channel.id === 'support' ? { ...channel, deliveries: [{ url: ENDPOINT }] } : channel,
    ),
    { ...anAwsChannel(), id: 'support-aws' },
  ],
});

/** A bucket that has each file that is asked for. */
const BUCKET: FileBucket = {
  put: async () => undefined,
  find: async () => ({ size: 1, mimeType: 'image/jpeg', version: '1' }),
  open: async () => Readable.from(['x']),
  writeLink: async () => 'https://bucket.example/write',
  remove: async () => undefined,
  link: async () => 'https://bucket.example/read',
  lastingLink: async () => 'https://bucket.example/lasting',
  uploadForm: async (key) => ({ url: 'https://bucket.example', fields: { key } }),
};

/** What the providers list at the start of a run. */
const NO_TEMPLATES = { data: [], templates: [], totalCount: 0, totalSize: 0, pageSize: 10, currentPage: 1 };

const ok = (body: object): ProviderAnswer => ({ status: 200, headers: [], text: async () => JSON.stringify(body) });

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** The Lambdas over a table in memory, and providers that answer as they are told. */
export const createFuzzWorld = () => {
  const world = createWorld(CONFIG);
  const { handlers, options, faults } = world.of('fuzz');
  const queue = { send: async () => undefined, changeVisibility: async () => undefined };
  const media = createMedia(createMediaRuntime({ ...options, bucket: BUCKET, queue, pause: async () => undefined }));
  const byFunction: Readonly<Record<HttpFunction, HttpHandler>> = {
    ...handlers,
    media: media.onRequest,
    'template-sync': createTemplateSync(options).onRequest,
  };
  const functionOf = new Map<string, HttpFunction>(
    ROUTES.map((route) => [`${route.method} ${route.path}`, route.function]),
  );
  let answer: ProviderAnswer | undefined;
  return {
    world,
    config: CONFIG,
    queue: createInboundQueue(options),
    /** Calls the Lambda of a route below `/v1` or `/webhooks`. */
    call: async (routeKey: string, event: HttpEvent): Promise<Answered> => {
      const handler = byFunction[functionOf.get(routeKey) ?? 'sessions-api'];
      const { statusCode = 200, headers = {}, body = '' } = await handler(event);
      return { status: statusCode, headers, body };
    },
    /** The fault behind a 500. */
    takeFault: (): string =>
      String(faults.splice(0).map(({ fault }) => (fault instanceof Error ? fault.stack : fault))),
    /** What every provider answers from now on. @default - as the simulated ones do */
    setAnswer: (by: ProviderAnswer | undefined): void => {
      answer = by;
    },
    fetch: (request: ProviderRequest): Promise<ProviderAnswer> => {
      if (request.url.endsWith('/oauth2/token')) return world.fetch(request);
      if (answer !== undefined) return Promise.resolve(answer);
      return request.body === undefined ? Promise.resolve(ok(NO_TEMPLATES)) : world.fetch(request);
    },
  };
};
export type FuzzWorld = ReturnType<typeof createFuzzWorld>;
