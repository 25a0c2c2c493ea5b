import { ulid } from 'ulid';
import type { LocalConfig } from '../../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { AcceptedMessage } from '../accepted-messages.ts';
import type { FaultKind } from '../fault-queue.ts';
import { answerFile } from '../file-shelf.ts';
import type { AccountOf, VendorApi, VendorApiDeps } from '../vendor.ts';
import type { StatusReport } from '../webhook.ts';
import { neverAnswer, withFaults } from '../with-faults.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { FILE_PATH } from './files.ts';
import { checkMedia } from './media.ts';
import { EventRequest, SendRequest } from './send-request.ts';
import { shown } from './shown.ts';
import { checkTemplate, listTemplates } from './templates.ts';
import { OUTSIDE_WINDOW } from './webhook.ts';

interface ApiDeps extends VendorApiDeps {
  readonly accounts: readonly AccountOf<'sinch'>[];
  readonly tokens: AccessTokens;
}

const refuse = (code: number, status: string, message: string): HttpResponse =>
  json(code, { error: { code, message, status, details: [] } });

const unauthenticated = () => refuse(401, 'UNAUTHENTICATED', 'Request had invalid credentials.');

/** The apps of the project in the path; none without a token for one of them. */
const authorizedApps = ({ accounts, tokens }: ApiDeps, event: HttpEvent): readonly AccountOf<'sinch'>[] => {
  const apps = accounts.filter(({ projectId }) => projectId === event.pathParameters?.['project']);
  return apps.some((app) => tokens.isValid(event.headers['authorization'], app)) ? apps : [];
};

/** A Sinch app has exactly one channel. */
const channelOf = ({ channels }: LocalConfig, account: AccountOf<'sinch'>): string =>
  channels.find((channel) => channel.account === account.id)?.id ?? '';

const accept = (deps: ApiDeps, account: AccountOf<'sinch'>, request: SendRequest): AcceptedMessage => {
  const message: AcceptedMessage = {
    channel: channelOf(deps.config, account),
    customer: request.recipient.identified_by.channel_identities[0]?.identity ?? '',
    providerMessageId: ulid(deps.now().getTime()),
    reference: request.message_metadata,
    at: deps.now().toISOString(),
    shown: shown(request.message),
  };
  deps.accepted.add(message);
  return message;
};

/** The failure that WhatsApp reports after Sinch has accepted the message, if there is one. */
const failureOf = (
  { whatsApp }: ApiDeps,
  { customer }: AcceptedMessage,
  { app_id, message }: SendRequest,
): StatusReport | undefined => {
  if (Object.hasOwn(message, 'template_message')) return checkTemplate(message);
  return whatsApp.isOpen(app_id, customer) ? checkMedia(message) : OUTSIDE_WINDOW;
};

const send = (deps: ApiDeps, event: HttpEvent, fault: FaultKind | undefined) => {
  const apps = authorizedApps(deps, event);
  if (apps.length === 0) return unauthenticated();
  if (fault === 'rate_limited') return refuse(429, 'RESOURCE_EXHAUSTED', 'Too many requests.');
  const parsed = parseBody(SendRequest, event);
  if (!parsed.ok) return refuse(400, 'INVALID_ARGUMENT', parsed.problem.detail);
  const account = apps.find(({ appId }) => appId === parsed.value.app_id);
  if (account === undefined) return refuse(404, 'NOT_FOUND', 'App not found.');
  const message = accept(deps, account, parsed.value);
  const failure = fault === 'window_closed' ? OUTSIDE_WINDOW : failureOf(deps, message, parsed.value);
  if (failure !== undefined) deps.reportLater(message, failure);
  if (fault === 'timeout_after_accept') return neverAnswer();
  return json(200, { message_id: message.providerMessageId, accepted_time: deps.now().toISOString() });
};

/** Takes the event that marks a customer's message as read. */
const sendEvent = (deps: ApiDeps, event: HttpEvent, fault: FaultKind | undefined) => {
  const apps = authorizedApps(deps, event);
  if (apps.length === 0) return unauthenticated();
  if (fault === 'rate_limited') return refuse(429, 'RESOURCE_EXHAUSTED', 'Too many requests.');
  const parsed = parseBody(EventRequest, event);
  if (!parsed.ok) return refuse(400, 'INVALID_ARGUMENT', parsed.problem.detail);
  if (!apps.some(({ appId }) => appId === parsed.value.app_id)) return refuse(404, 'NOT_FOUND', 'App not found.');
  deps.written.markRead(parsed.value.event.read_message_event.message_id, false);
  return json(200, { event_id: ulid(deps.now().getTime()), accepted_time: deps.now().toISOString() });
};

/** The part of Sinch's APIs that issues access tokens, accepts messages and lists templates. */
export const createApi = (vendorDeps: VendorApiDeps): VendorApi => {
  const accounts = vendorDeps.config.accounts.filter((account) => account.provider === 'sinch');
  const tokens = createAccessTokens(accounts, vendorDeps.now);
  const deps = { ...vendorDeps, accounts, tokens };
  return {
    routes: [
      { method: 'POST', path: '/oauth2/token', handler: async (event) => tokens.issue(event) },
      {
        method: 'POST',
        path: '/v1/projects/{project}/messages:send',
        handler: withFaults(deps.faults, (event, fault) => send(deps, event, fault)),
      },
      {
        method: 'POST',
        path: '/v1/projects/{project}/events:send',
        handler: withFaults(deps.faults, (event, fault) => sendEvent(deps, event, fault)),
      },
      {
        method: 'GET',
        path: '/v1/projects/{project}/whatsapp/templates',
        handler: async (event) => (authorizedApps(deps, event).length === 0 ? unauthenticated() : listTemplates(event)),
      },
      {
        method: 'GET',
        path: FILE_PATH,
        handler: async ({ pathParameters }) => {
          const file = deps.files.find(pathParameters?.['id']);
          return file === undefined ? refuse(404, 'NOT_FOUND', 'File not found.') : answerFile(file);
        },
      },
    ],
    fallback: async () => refuse(404, 'NOT_FOUND', 'The requested resource was not found.'),
  };
};
