import { randomBytes } from 'node:crypto';
import type { LocalConfig } from '../../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../../route-match.ts';
import type { Outbox, TakenMessage } from '../accepted-messages.ts';
import type { FaultKind, FaultQueue } from '../fault-queue.ts';
import type { WhatsApp } from '../whatsapp.ts';
import { breakDown, neverAnswers } from '../with-faults.ts';
import type { MetaPrices } from './prices.ts';
import { MetaSend } from './send-request.ts';
import { listMetaTemplates, MetaTemplate, metaCategory, metaTemplateFault } from './templates.ts';

export interface MetaApiDeps {
  readonly config: LocalConfig;
  readonly whatsApp: WhatsApp;
  readonly outbox: Outbox;
  readonly priceOf: MetaPrices;
  readonly faults: FaultQueue;
}

interface GraphError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly details: string;
}

const refuse = ({ status, code, message, details }: GraphError): HttpResponse =>
  json(status, {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details },
      fbtrace_id: randomBytes(12).toString('base64url'),
    },
  });

const invalidToken = () =>
  refuse({ status: 401, code: 190, message: 'Invalid OAuth access token', details: 'Cannot parse access token' });
const unknownObject = () =>
  refuse({ status: 400, code: 100, message: 'Unsupported post request', details: 'Object does not exist' });
const invalidParameter = (details: string) => refuse({ status: 400, code: 100, message: 'Invalid parameter', details });
const windowClosed = () =>
  refuse({
    status: 400,
    code: 131047,
    message: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  });
const rateLimited = () =>
  refuse({ status: 400, code: 130429, message: 'Rate limit hit', details: 'Cloud API message throughput reached.' });

/** Ids look as Meta's do: base64, with characters that need encoding in a path. */
const newWamid = (): string => `wamid.${randomBytes(30).toString('base64')}=`;

const owner = ({ accounts, channels }: LocalConfig, phoneNumberId: string | undefined) => {
  const channel = channels.find((candidate) => candidate.phoneNumberId === phoneNumberId);
  const account = accounts.find(({ id }) => id === channel?.account);
  return account?.provider === 'meta' ? account : undefined;
};

/** A template that WhatsApp would turn away. */
const templateFault = ({ type, ...message }: MetaSend): GraphError | undefined =>
  type === 'template' ? metaTemplateFault(MetaTemplate.parse(message['template'])) : undefined;

const accepted = ({ to, recipient }: MetaSend, wamid: string): HttpResponse =>
  json(200, {
    messaging_product: 'whatsapp',
    contacts: [to === undefined ? { input: recipient, user_id: recipient } : { input: to, wa_id: to.replace('+', '') }],
    messages: [{ id: wamid, message_status: 'accepted' }],
  });

/** What a message is charged as. */
const categoryOf = ({ type, ...message }: MetaSend): string =>
  (type === 'template' ? metaCategory(MetaTemplate.parse(message['template'])) : undefined) ?? 'service';

type Taken = Pick<TakenMessage, 'account' | 'business'>;

/** Takes the message for delivery, unless WhatsApp's 24 hours are over for a free-form one. */
const take = ({ whatsApp, outbox, priceOf }: MetaApiDeps, { account, business }: Taken, message: MetaSend) => {
  const { to, recipient, type, biz_opaque_callback_data: reference } = message;
  const customer = to ?? recipient ?? '';
  if (type !== 'template' && !whatsApp.isOpen(business, customer)) return undefined;
  const wamid = newWamid();
  const price = priceOf(business, categoryOf(message));
  outbox.add({ provider: 'meta', account, business, customer, providerMessageId: wamid, reference, price });
  return wamid;
};

/** WhatsApp's own verdict, before any fault. */
const judge = (deps: MetaApiDeps, taken: Taken, message: MetaSend): HttpResponse => {
  const wrong = templateFault(message);
  if (wrong !== undefined) return refuse(wrong);
  const wamid = take(deps, taken, message);
  return wamid === undefined ? windowClosed() : accepted(message, wamid);
};

const answer = (deps: MetaApiDeps, event: HttpEvent, fault: FaultKind | undefined) => {
  const business = event.pathParameters?.['phoneNumberId'] ?? '';
  const account = owner(deps.config, business);
  if (account === undefined) return unknownObject();
  if (event.headers['authorization'] !== `Bearer ${account.secrets.accessToken}`) return invalidToken();
  if (fault === 'rate_limited') return rateLimited();
  const parsed = parseBody(MetaSend, event);
  if (!parsed.ok) return invalidParameter(parsed.problem.detail);
  if (fault === 'window_closed') return windowClosed();
  const answered = judge(deps, { account: account.id, business }, parsed.value);
  return fault === 'timeout_after_accept' && answered.statusCode === 200 ? neverAnswers() : answered;
};

const send = async (deps: MetaApiDeps, event: HttpEvent): Promise<HttpResponse> => {
  const fault = deps.faults.ofSend();
  return breakDown(fault) ?? answer(deps, event, fault);
};

const listTemplates = ({ accounts }: LocalConfig, event: HttpEvent): HttpResponse => {
  const wabaId = event.pathParameters?.['wabaId'];
  const account = accounts.find((candidate) => candidate.provider === 'meta' && candidate.wabaId === wabaId);
  if (account?.provider !== 'meta') return unknownObject();
  return event.headers['authorization'] === `Bearer ${account.secrets.accessToken}`
    ? listMetaTemplates(event)
    : invalidToken();
};

/** The part of the Graph API that takes messages and lists templates. */
export const metaRoutes = (deps: MetaApiDeps): readonly FrontRoute[] => [
  { method: 'POST', path: '/{version}/{phoneNumberId}/messages', handler: (event) => send(deps, event) },
  {
    method: 'GET',
    path: '/{version}/{wabaId}/message_templates',
    handler: async (event) => listTemplates(deps.config, event),
  },
];

/** The Graph API's answer to any other call. */
export const metaFallback: HttpHandler = async () => unknownObject();
