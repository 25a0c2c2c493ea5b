import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Channel } from '../../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody, parseWith } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { AcceptedMessage } from '../accepted-messages.ts';
import type { FaultKind } from '../fault-queue.ts';
import { newWamid } from '../meta/api.ts';
import { createPrices, type Prices } from '../meta/prices.ts';
import { ReadRequest, SendRequest } from '../meta/send-request.ts';
import { shown } from '../meta/shown.ts';
import { checkTemplate, Template, templateCategory } from '../meta/templates.ts';
import { CATALOG, catalogPage } from '../template-catalog.ts';
import type { AccountOf, VendorApi, VendorApiDeps } from '../vendor.ts';
import type { StatusReport } from '../webhook.ts';
import { neverAnswer, withFaults } from '../with-faults.ts';
import { type MediaRefusal, numberOf, takeMedia, writeMedia } from './files.ts';
import { isSigned } from './signature.ts';

interface ApiDeps extends VendorApiDeps {
  readonly priceOf: Prices;
}

const refuse = (status: number, name: string): HttpResponse => {
  const { headers, ...response } = json(status, { message: name });
  return { ...response, headers: { ...headers, 'x-amzn-errortype': name } };
};
const unsigned = () => refuse(403, 'UnrecognizedClientException');
const unknownResource = () => refuse(404, 'ResourceNotFoundException');
const invalid = () => refuse(400, 'ValidationException');

const jsonBytes = z.base64().transform((bytes, context): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes, 'base64').toString('utf8'));
  } catch {
    context.addIssue('is no JSON');
    return z.NEVER;
  }
});

const SendBody = z.strictObject({
  originationPhoneNumberId: z.string().min(1),
  message: jsonBytes,
  metaApiVersion: z.string().regex(/^v\d+\.\d+$/),
});

const OUTSIDE_WINDOW: StatusReport = { status: 'failed', code: 131_047, description: 'Re-engagement message' };

const templateOf = ({ type, ...message }: SendRequest): Template | undefined =>
  type === 'template' ? Template.parse(message['template']) : undefined;

/** The failure that Meta reports once AWS has accepted the message, if there is one. */
const failureOf = (
  { whatsApp }: ApiDeps,
  business: string,
  { customer, template }: { readonly customer: string; readonly template: Template | undefined },
): StatusReport | undefined => {
  if (template === undefined) return whatsApp.isOpen(business, customer) ? undefined : OUTSIDE_WINDOW;
  const fault = checkTemplate(template);
  return fault === undefined ? undefined : { status: 'failed', code: fault.code, description: fault.message };
};

interface FaultySend {
  readonly message: SendRequest;
  readonly fault: FaultKind | undefined;
}

const accept = (
  deps: ApiDeps,
  channel: Channel,
  { message, fault }: FaultySend,
): AcceptedMessage & { readonly answeredId: string } => {
  const { to, recipient, biz_opaque_callback_data: reference } = message;
  const business = channel.metaPhoneNumberId ?? '';
  const customer = to ?? recipient ?? '';
  const template = templateOf(message);
  const failure = fault === 'window_closed' ? OUTSIDE_WINDOW : failureOf(deps, business, { customer, template });
  const pricing = deps.priceOf(business, template === undefined ? 'service' : templateCategory(template));
  const names = { providerMessageId: newWamid(), answeredId: randomUUID() };
  const facts = { at: deps.now().toISOString(), shown: shown(message) };
  const accepted = { channel: channel.id, customer, reference, pricing, ...names, ...facts };
  deps.accepted.add(accepted);
  if (failure !== undefined) deps.reportLater(accepted, failure);
  return accepted;
};

/** A message, or the receipt of one, which AWS takes by the same call; `undefined` for neither. */
const acceptMessage = (
  deps: ApiDeps,
  channel: Channel,
  { message, fault }: { readonly message: unknown; readonly fault: FaultKind | undefined },
): string | undefined => {
  const { data: receipt } = ReadRequest.safeParse(message);
  if (receipt !== undefined) {
    deps.written.markRead(receipt.message_id, receipt.typing_indicator !== undefined);
    return randomUUID();
  }
  const parsed = parseWith(SendRequest, message);
  return parsed.ok ? accept(deps, channel, { message: parsed.value, fault }).answeredId : undefined;
};

const isOfAws = (account: { readonly provider: string }): account is AccountOf<'aws-social'> =>
  account.provider === 'aws-social';

const findNumber = ({ accounts, channels }: VendorApiDeps['config'], id: string) => {
  const channel = channels.find(({ phoneNumberId }) => phoneNumberId === id);
  const account = accounts.filter(isOfAws).find((candidate) => candidate.id === channel?.account);
  return channel !== undefined && account !== undefined ? { account, channel } : undefined;
};

const send = async (deps: ApiDeps, event: HttpEvent, fault: FaultKind | undefined): Promise<HttpResponse> => {
  const parsed = parseBody(SendBody, event);
  if (!parsed.ok) return invalid();
  const number = findNumber(deps.config, parsed.value.originationPhoneNumberId);
  if (number === undefined) return unknownResource();
  if (!(await isSigned(number.account, event))) return unsigned();
  if (fault === 'rate_limited') return refuse(429, 'ThrottledRequestException');
  const messageId = acceptMessage(deps, number.channel, { message: parsed.value.message, fault });
  if (messageId === undefined) return invalid();
  return fault === 'timeout_after_accept' ? neverAnswer() : json(200, { messageId });
};

const REFUSALS: Readonly<Record<MediaRefusal, () => HttpResponse>> = {
  invalid,
  unknown: unknownResource,
  unreachable: () => refuse(502, 'DependencyException'),
};

/** Answers a call about a file of a number that the body names. */
const ofNumber =
  ({ config }: ApiDeps, answer: (event: HttpEvent) => Promise<HttpResponse | MediaRefusal>) =>
  async (event: HttpEvent): Promise<HttpResponse> => {
    const number = findNumber(config, numberOf(event) ?? '');
    if (number === undefined) return unknownResource();
    if (!(await isSigned(number.account, event))) return unsigned();
    const answered = await answer(event);
    return typeof answered === 'string' ? REFUSALS[answered]() : answered;
  };

const uploadMedia =
  ({ files }: ApiDeps) =>
  async (event: HttpEvent): Promise<HttpResponse | MediaRefusal> => {
    const taken = await takeMedia(files, event);
    return typeof taken === 'string' ? taken : json(200, { mediaId: taken.id });
  };

/** Answers a call about a business account that the query names. */
const ofAccount =
  ({ config }: ApiDeps, answer: (event: HttpEvent) => HttpResponse) =>
  async (event: HttpEvent): Promise<HttpResponse> => {
    const account = config.accounts
      .filter(isOfAws)
      .find(({ wabaId }) => wabaId === event.queryStringParameters?.['id']);
    if (account === undefined) return unknownResource();
    return (await isSigned(account, event)) ? answer(event) : unsigned();
  };

const templateIdAt = (index: number): string => String(2_000_000 + index);

const listTemplates = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const { templates, from, next } = catalogPage(query?.['nextToken']);
  const summaries = templates.map(({ name, language, status, category }, index) => ({
    templateName: name,
    metaTemplateId: templateIdAt(from + index),
    templateStatus: status,
    templateQualityScore: 'GREEN',
    templateLanguage: language,
    templateCategory: category,
  }));
  return json(200, { templates: summaries, nextToken: next });
};

const showTemplate = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const template = CATALOG.find((_, index) => templateIdAt(index) === query?.['metaTemplateId']);
  return template === undefined ? unknownResource() : json(200, { template: JSON.stringify(template) });
};

/** The part of AWS End User Messaging Social that accepts messages, passes files on and lists templates. */
export const createApi = (vendorDeps: VendorApiDeps): VendorApi => {
  const deps = { ...vendorDeps, priceOf: createPrices(vendorDeps) };
  return {
    routes: [
      {
        method: 'POST',
        path: '/v1/whatsapp/send',
        handler: withFaults(deps.faults, (event, fault) => send(deps, event, fault)),
      },
      {
        method: 'POST',
        path: '/v1/whatsapp/media/get',
        handler: ofNumber(deps, (event) => writeMedia(deps.files, event)),
      },
      { method: 'POST', path: '/v1/whatsapp/media', handler: ofNumber(deps, uploadMedia(deps)) },
      { method: 'GET', path: '/v1/whatsapp/template/list', handler: ofAccount(deps, listTemplates) },
      { method: 'GET', path: '/v1/whatsapp/template', handler: ofAccount(deps, showTemplate) },
    ],
    fallback: async () => unknownResource(),
  };
};
