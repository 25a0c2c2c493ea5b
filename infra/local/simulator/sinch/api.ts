import { ulid } from 'ulid';
import type { LocalConfig } from '../../../../functions/shared/domain/config.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { parseBody } from '../../../../functions/shared/http/request.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../../route-match.ts';
import type { Outbox, TakenMessage } from '../accepted-messages.ts';
import type { FaultKind, FaultQueue } from '../fault-queue.ts';
import type { WhatsApp } from '../whatsapp.ts';
import { breakDown, neverAnswers } from '../with-faults.ts';
import { createSinchTokens, type SinchLogin, type SinchTokens } from './access-tokens.ts';
import { SinchSend } from './send-request.ts';
import { listSinchTemplates, sinchTemplateFault } from './templates.ts';
import { OUTSIDE_WINDOW, type SinchReport } from './webhook.ts';

export interface SinchApiDeps {
  readonly config: LocalConfig;
  readonly whatsApp: WhatsApp;
  readonly outbox: Outbox;
  readonly faults: FaultQueue;
  readonly now: () => Date;
  /** Tells the sender later what WhatsApp found wrong. */
  readonly reportFailure: (message: TakenMessage, failure: SinchReport) => void;
}

interface LoggedIn extends SinchApiDeps {
  readonly accounts: readonly SinchLogin[];
  readonly tokens: SinchTokens;
}

const refuse = (code: number, status: string, message: string): HttpResponse =>
  json(code, { error: { code, message, status, details: [] } });

const take = (deps: SinchApiDeps, account: SinchLogin, send: SinchSend): TakenMessage => {
  const message: TakenMessage = {
    provider: 'sinch',
    account: account.id,
    business: send.app_id,
    customer: send.recipient.identified_by.channel_identities[0]?.identity ?? '',
    providerMessageId: ulid(deps.now().getTime()),
    reference: send.message_metadata,
  };
  deps.outbox.add(message);
  return message;
};

/** What WhatsApp, asked after Sinch has taken the message, finds wrong with it. */
const failureOf = (
  { whatsApp }: SinchApiDeps,
  { business, customer }: TakenMessage,
  { message }: SinchSend,
): SinchReport | undefined => {
  if (Object.hasOwn(message, 'template_message')) return sinchTemplateFault(message);
  return whatsApp.isOpen(business, customer) ? undefined : OUTSIDE_WINDOW;
};

/** The apps of the project in the path, or none without a token for one of them. */
const appsOf = ({ accounts, tokens }: LoggedIn, event: HttpEvent): readonly SinchLogin[] => {
  const apps = accounts.filter(({ projectId }) => projectId === event.pathParameters?.['project']);
  return apps.some((app) => tokens.isValid(event.headers['authorization'], app)) ? apps : [];
};

const unauthenticated = () => refuse(401, 'UNAUTHENTICATED', 'Request had invalid credentials.');

const answer = (deps: LoggedIn, event: HttpEvent, fault: FaultKind | undefined) => {
  const apps = appsOf(deps, event);
  if (apps.length === 0) return unauthenticated();
  if (fault === 'rate_limited') return refuse(429, 'RESOURCE_EXHAUSTED', 'Too many requests.');
  const parsed = parseBody(SinchSend, event);
  if (!parsed.ok) return refuse(400, 'INVALID_ARGUMENT', parsed.problem.detail);
  const account = apps.find(({ appId }) => appId === parsed.value.app_id);
  if (account === undefined) return refuse(404, 'NOT_FOUND', 'App not found.');
  const message = take(deps, account, parsed.value);
  const failure = fault === 'window_closed' ? OUTSIDE_WINDOW : failureOf(deps, message, parsed.value);
  if (failure !== undefined) deps.reportFailure(message, failure);
  if (fault === 'timeout_after_accept') return neverAnswers();
  return json(200, { message_id: message.providerMessageId, accepted_time: deps.now().toISOString() });
};

const send = async (deps: LoggedIn, event: HttpEvent): Promise<HttpResponse> => {
  const fault = deps.faults.ofSend();
  return breakDown(fault) ?? answer(deps, event, fault);
};

/** The part of Sinch's APIs that logs in, takes messages and lists templates. */
export const sinchRoutes = (deps: SinchApiDeps): readonly FrontRoute[] => {
  const accounts = deps.config.accounts.filter((account) => account.provider === 'sinch');
  const tokens = createSinchTokens(accounts, deps.now);
  const loggedIn = { ...deps, accounts, tokens };
  return [
    { method: 'POST', path: '/oauth2/token', handler: async (event) => tokens.issue(event) },
    {
      method: 'POST',
      path: '/v1/projects/{project}/messages:send',
      handler: (event) => send(loggedIn, event),
    },
    {
      method: 'GET',
      path: '/v1/projects/{project}/whatsapp/templates',
      handler: async (event) => (appsOf(loggedIn, event).length === 0 ? unauthenticated() : listSinchTemplates(event)),
    },
  ];
};

/** Sinch's answer to any other call. */
export const sinchFallback: HttpHandler = async () => refuse(404, 'NOT_FOUND', 'The requested resource was not found.');
