import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import { invalidRequest, type Parsed, parseBody } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { vendorOf } from '../simulator/vendors.ts';
import type { SignedWebhook } from '../simulator/webhook.ts';
import type { WireEntry } from '../simulator/wire-log.ts';
import { localRoute } from './local-route.ts';

const ResendRequest = z.strictObject({
  times: z.int().min(1).max(20).default(1),
  /** Another body, which is signed anew. @default - the same bytes under the same signature */
  body: z.string().min(1).optional(),
});
type ResendRequest = z.infer<typeof ResendRequest>;

export interface WireRoutesDeps {
  readonly simulator: Simulator;
  readonly config: LocalConfig;
  readonly now: () => Date;
}

const UNKNOWN: ProblemDetails = {
  code: 'unknown_message',
  detail: 'The wire has no such entry any more: GET /_local/wire lists those that it has.',
};

/** The headers that the provider's signature needs. */
const ownHeaders = ({ headers }: WireEntry): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value !== undefined && (name === 'content-type' || name.startsWith('x-')) ? [[name, value]] : [],
    ),
  );

const refuse = (path: string, message: string) => invalidRequest([{ path, message }]);

/** The account whose provider posted a webhook; events of AWS name none, and need none. */
const accountOf = ({ accounts }: LocalConfig, { provider, path }: WireEntry) =>
  accounts.find(
    (account) => account.provider === provider && (provider === 'aws-social' || path.endsWith(`/${account.id}`)),
  );

const toWebhook = (
  { config, now }: WireRoutesDeps,
  entry: WireEntry,
  { body }: ResendRequest,
): Parsed<SignedWebhook> => {
  const { kind, method, path, encoding, isCut } = entry;
  if (kind === 'call') return refuse('id', 'is a call of the service: only webhooks can be sent again');
  if (method !== 'POST') return refuse('id', `is a ${method}: only webhooks that were posted can be sent again`);
  if (body !== undefined) {
    const account = accountOf(config, entry);
    if (account === undefined) return refuse('body', 'cannot be signed: the configuration has no account of that path');
    return { ok: true, value: vendorOf(account.provider).sign({ account, now: now() }, Buffer.from(body)) };
  }
  if (isCut) return refuse('id', 'was too large to keep: give the body');
  return { ok: true, value: { path, headers: ownHeaders(entry), body: Buffer.from(entry.body, encoding) } };
};

/** Every webhook and every provider call, and webhooks sent again. */
export const wireRoutes = (deps: WireRoutesDeps): readonly FrontRoute[] => {
  const { wire, send } = deps.simulator;
  const show = () => json(200, { entries: wire.list() });
  const resend = async (event: HttpEvent) => {
    const entry = wire.find(event.pathParameters?.['id'] ?? '');
    if (entry === undefined) return UNKNOWN;
    const request = parseBody(ResendRequest, event, 4 * 1024 * 1024);
    if (!request.ok) return request.problem;
    const made = toWebhook(deps, entry, request.value);
    if (!made.ok) return made.problem;
    const statuses: number[] = [];
    for (let time = 0; time < request.value.times; time += 1) statuses.push(await send(made.value));
    return json(200, { statuses });
  };
  return [
    localRoute('GET', 'wire', show),
    localRoute('DELETE', 'wire', () => {
      wire.clear();
      return show();
    }),
    localRoute('POST', 'wire/{id}/send', resend),
  ];
};
