import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Channel, LocalConfig } from '../../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { FaultKind } from '../fault-queue.ts';
import { answerFile, type ShelfFile } from '../file-shelf.ts';
import type { AccountOf, VendorApi, VendorApiDeps } from '../vendor.ts';
import { waIdOf } from '../wa-id.ts';
import { neverAnswer, withFaults } from '../with-faults.ts';
import { describeFile, FILE_PATH, takeUpload } from './files.ts';
import {
  invalidParameter,
  invalidToken,
  phoneOnly,
  rateLimited,
  refuse,
  unknownObject,
  windowClosed,
} from './graph-error.ts';
import { createPrices, type Prices } from './prices.ts';
import { ReadRequest, SendRequest, ThreadRequest } from './send-request.ts';
import { shown } from './shown.ts';
import { checkTemplate, listTemplates, Template, templateCategory } from './templates.ts';

interface ApiDeps extends VendorApiDeps {
  readonly priceOf: Prices;
}

/** Base64 as in Meta's own ids, with characters that need encoding in a path. */
export const newWamid = (): string => `wamid.${randomBytes(30).toString('base64')}=`;

const hasToken = ({ secrets }: AccountOf<'meta'>, event: HttpEvent): boolean =>
  event.headers['authorization'] === `Bearer ${secrets.accessToken}`;

const findNumber = ({ accounts, channels }: LocalConfig, phoneNumberId: string) => {
  const channel = channels.find((candidate) => candidate.phoneNumberId === phoneNumberId);
  const account = accounts.find(({ id }) => id === channel?.account);
  return channel !== undefined && account?.provider === 'meta' ? { account, channel } : undefined;
};

const accepted = ({ to, recipient }: SendRequest, wamid: string, isHeld: boolean): HttpResponse =>
  json(200, {
    messaging_product: 'whatsapp',
    contacts: [to === undefined ? { input: recipient, user_id: recipient } : { input: to, wa_id: waIdOf(to) }],
    messages: [{ id: wamid, message_status: isHeld ? 'held_for_quality_assessment' : 'accepted' }],
  });

const templateOf = ({ type, ...message }: SendRequest): Template | undefined =>
  type === 'template' ? Template.parse(message['template']) : undefined;

interface FaultySend {
  readonly message: SendRequest;
  readonly fault: FaultKind | undefined;
}

/** Why WhatsApp does not send a template to that recipient. */
const templateRefusal = (template: Template, { to }: SendRequest): HttpResponse | undefined => {
  const fault = checkTemplate(template);
  if (fault !== undefined) return refuse(fault);
  return to === undefined && templateCategory(template) === 'authentication' ? phoneOnly() : undefined;
};

/** Accepts the message, unless it is free-form and WhatsApp's 24 hours have ended, or its template is not sendable. */
const accept = (deps: ApiDeps, channel: Channel, { message, fault: kind }: FaultySend): HttpResponse => {
  const { to, recipient, biz_opaque_callback_data: reference } = message;
  const business = channel.phoneNumberId ?? '';
  const customer = to ?? recipient ?? '';
  const template = templateOf(message);
  const closed = deps.whatsApp.isOpen(business, customer) ? undefined : windowClosed();
  const refusal = template === undefined ? closed : templateRefusal(template, message);
  if (refusal !== undefined) return refusal;
  const wamid = newWamid();
  const pricing = deps.priceOf(business, template === undefined ? 'service' : templateCategory(template));
  const facts = { providerMessageId: wamid, reference, pricing, at: deps.now().toISOString(), shown: shown(message) };
  deps.accepted.add({ channel: channel.id, customer, ...facts });
  return accepted(message, wamid, kind === 'hold_template' && template !== undefined);
};

const isRead = (event: HttpEvent): boolean => parseBody(z.looseObject({ status: z.unknown().nonoptional() }), event).ok;

/** Marks a customer's message as read: no message, so no window is needed. */
const markRead = ({ written }: ApiDeps, event: HttpEvent): HttpResponse => {
  const parsed = parseBody(ReadRequest, event);
  if (parsed.ok) {
    written.markRead(parsed.value.message_id, parsed.value.typing_indicator !== undefined);
    return json(200, { success: true });
  }
  return refuse({
    status: 400,
    code: 131_009,
    message: 'Parameter value is not valid',
    details: parsed.problem.detail,
  });
};

const acceptMessage = (
  deps: ApiDeps,
  channel: Channel,
  { event, fault }: { readonly event: HttpEvent; readonly fault: FaultKind | undefined },
): HttpResponse => {
  const parsed = parseBody(SendRequest, event);
  if (!parsed.ok) return invalidParameter(parsed.problem.detail);
  return fault === 'window_closed' ? windowClosed() : accept(deps, channel, { message: parsed.value, fault });
};

const send = (deps: ApiDeps, event: HttpEvent, fault: FaultKind | undefined) => {
  const number = findNumber(deps.config, event.pathParameters?.['phoneNumberId'] ?? '');
  if (number === undefined) return unknownObject();
  if (!hasToken(number.account, event)) return invalidToken();
  if (fault === 'rate_limited') return rateLimited();
  const answer = isRead(event) ? markRead(deps, event) : acceptMessage(deps, number.channel, { event, fault });
  return fault === 'timeout_after_accept' && answer.statusCode === 200 ? neverAnswer() : answer;
};

/** Takes a conversation from the Business Agent, or hands it back to the agent. */
const controlThread = ({ config }: ApiDeps, event: HttpEvent, fault: FaultKind | undefined): HttpResponse => {
  const number = findNumber(config, event.pathParameters?.['phoneNumberId'] ?? '');
  if (number === undefined) return unknownObject();
  if (!hasToken(number.account, event)) return invalidToken();
  if (fault === 'rate_limited') return rateLimited();
  const parsed = parseBody(ThreadRequest, event);
  if (!parsed.ok) return invalidParameter(parsed.problem.detail);
  return event.headers['x-api-version'] === '1.0.0'
    ? json(200, { messaging_product: 'whatsapp' })
    : invalidParameter('X-API-Version');
};

const list = ({ accounts }: LocalConfig, event: HttpEvent): HttpResponse => {
  const account = accounts
    .filter((candidate) => candidate.provider === 'meta')
    .find(({ wabaId }) => wabaId === event.pathParameters?.['wabaId']);
  if (account === undefined) return unknownObject();
  return hasToken(account, event) ? listTemplates(event) : invalidToken();
};

/** The account whose token the call has. */
const authorizedAccount = ({ accounts }: LocalConfig, event: HttpEvent): AccountOf<'meta'> | undefined =>
  accounts.filter((account) => account.provider === 'meta').find((account) => hasToken(account, event));

/** Answers about a file to the holder of a token. */
const ofFile =
  ({ config, files }: VendorApiDeps, answer: (account: AccountOf<'meta'>, file: ShelfFile) => HttpResponse) =>
  async (event: HttpEvent): Promise<HttpResponse> => {
    const account = authorizedAccount(config, event);
    if (account === undefined) return invalidToken();
    const file = files.find(event.pathParameters?.['mediaId']);
    return file === undefined ? unknownObject() : answer(account, file);
  };

const upload = async ({ config, files }: VendorApiDeps, event: HttpEvent): Promise<HttpResponse> => {
  const number = findNumber(config, event.pathParameters?.['phoneNumberId'] ?? '');
  if (number === undefined) return unknownObject();
  if (!hasToken(number.account, event)) return invalidToken();
  const taken = await takeUpload(files, event);
  return typeof taken === 'string' ? invalidParameter(taken) : json(200, { id: taken.id });
};

/** The part of the Graph API that accepts messages, lists templates and keeps files. */
export const createApi = (deps: VendorApiDeps): VendorApi => {
  const withPrices = { ...deps, priceOf: createPrices(deps) };
  return {
    routes: [
      {
        method: 'POST',
        path: '/{version}/{phoneNumberId}/messages',
        handler: withFaults(deps.faults, (event, fault) => send(withPrices, event, fault)),
      },
      {
        method: 'POST',
        path: '/business/whatsapp/phone_numbers/{phoneNumberId}/thread_control',
        handler: withFaults(deps.faults, (event, fault) => controlThread(withPrices, event, fault)),
      },
      {
        method: 'GET',
        path: '/{version}/{wabaId}/message_templates',
        handler: async (event) => list(deps.config, event),
      },
      { method: 'POST', path: '/{version}/{phoneNumberId}/media', handler: async (event) => upload(deps, event) },
      { method: 'GET', path: '/{version}/{mediaId}', handler: ofFile(deps, describeFile) },
      { method: 'GET', path: FILE_PATH, handler: ofFile(deps, (_, file) => answerFile(file)) },
    ],
    fallback: async () => unknownObject(),
  };
};
