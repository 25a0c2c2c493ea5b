import type { MessageContent, TemplateContent } from '../shared/domain/content.ts';
import {
  decideSend,
  type SendAllowed,
  type SendFacts,
  type SendIntent,
  type SendRefused,
} from '../shared/domain/send-decision.ts';
import type { RegisteredTemplate } from '../shared/domain/template.ts';
import { checkTemplate } from '../shared/domain/template-check.ts';
import { toWindowView, type WindowView } from '../shared/domain/window-view.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { Unsupported } from '../shared/providers/provider.ts';
import { addressFor } from './address.ts';
import type { DecisionInput } from './load-state.ts';

/** A send that the rules allow, with the content to send. */
export interface AllowedSend extends SendAllowed {
  /** The requested content or the fallback template. */
  readonly content: MessageContent;
  readonly template: RegisteredTemplate | undefined;
  readonly usesFallback: boolean;
}

export interface RefusedSend {
  readonly allowed: false;
  readonly problem: ProblemDetails;
}

const NEEDS_NUMBER: RefusedSend = {
  allowed: false,
  problem: {
    code: 'unsupported_by_provider',
    detail:
      'WhatsApp sends an authentication template to a phone number alone, and no number of this customer is known: send it to their number, or ask them for it first.',
    errors: [{ path: 'to', message: 'is a user id, and no number of the customer is known' }],
  },
};

const OUTDATED: RefusedSend = {
  allowed: false,
  problem: {
    code: 'user_id_outdated',
    detail:
      'This number has moved to another business portfolio, where the customer has another user id, and no phone number of this customer is known. Wait until the customer writes again, or send to their number.',
  },
};

export const toFacts = ({ channel, state, now }: DecisionInput): SendFacts => ({
  now,
  policy: channel,
  session: state.session,
  customer: state.record,
});

export const toView = (input: DecisionInput): WindowView => toWindowView(input.channel.id, input.state, toFacts(input));

const refuse = (problem: ProblemDetails): RefusedSend => ({ allowed: false, problem });

const refuseByRule = ({ code, nextAction, detail }: SendRefused, input: DecisionInput): RefusedSend =>
  refuse({ code, nextAction, detail, session: toView(input) });

/**
 * What the rules say, and whether a name of the customer is accepted. An opt-out comes first: the way out of a user id that is
 * not accepted is another name.
 */
const decideByRules = (input: DecisionInput, intent: SendIntent): SendAllowed | RefusedSend => {
  const decision = decideSend(toFacts(input), intent);
  const isOptedOut = !decision.allowed && decision.code === 'opted_out';
  if (!isOptedOut && addressFor(input, undefined) === undefined) return OUTDATED;
  return decision.allowed ? decision : refuseByRule(decision, input);
};

/** The field of the request that holds a content, for the paths of its errors. */
type ContentField = 'content' | 'fallbackTemplate';

const refuseUnsupported = ({ path, message }: Unsupported, field: ContentField): RefusedSend =>
  refuse({
    code: 'unsupported_by_provider',
    detail: message,
    errors: [{ path: path.replace(/^content\b/, field), message }],
  });

const findTemplate = (
  { channel, state }: DecisionInput,
  content: TemplateContent,
  field: ContentField,
): ProblemDetails | RegisteredTemplate => {
  const path = (rest: string) => `${field}.${rest}`;
  if (content.purpose === 'notification' && channel.notifications === 'forbid')
    return {
      code: 'invalid_request',
      detail: 'This channel forbids notifications: omit the purpose to send the template as a re-engagement.',
      errors: [{ path: path('purpose'), message: 'notifications are forbidden on this channel' }],
    };
  const check = checkTemplate(state.templates, content);
  switch (check.kind) {
    case 'ready':
      return check.template;
    case 'unknown':
      return {
        code: 'template_unknown',
        detail: check.detail,
        errors: [{ path: path('name'), message: check.detail }],
      };
    case 'not_approved':
      return { code: 'template_not_approved', detail: check.detail };
    case 'parameters_invalid':
      return {
        code: 'template_parameters_invalid',
        detail: check.detail,
        errors: check.faults.map(({ path: at, message }) => ({ path: path(at), message })),
      };
  }
};

const decideTemplate = (
  input: DecisionInput,
  requested: TemplateContent,
  field: ContentField,
): AllowedSend | RefusedSend => {
  const template = findTemplate(input, requested, field);
  if ('code' in template) return refuse(template);
  const content = { ...requested, language: template.language };
  const unsupported = input.sender.unsupported(content);
  if (unsupported !== undefined) return refuseUnsupported(unsupported, field);
  const { purpose } = content;
  const { as } = input.request;
  const decision = decideByRules(input, { kind: 'template', purpose, category: template.category, as });
  if (!decision.allowed) return decision;
  if (addressFor(input, template) === undefined) return NEEDS_NUMBER;
  return { ...decision, content, template, usesFallback: field === 'fallbackTemplate' };
};

/**
 * Decides a request: its content or, where the window is closed for it, its fallback template. Pure: a check and a send
 * with the same input get the same decision.
 */
export const decide = (input: DecisionInput): AllowedSend | RefusedSend => {
  const { content, fallbackTemplate, as } = input.request;
  if (content.type === 'template') return decideTemplate(input, content, 'content');
  const unsupported = input.sender.unsupported(content);
  if (unsupported !== undefined) return refuseUnsupported(unsupported, 'content');
  const decision = decideByRules(input, { kind: 'session', as });
  if (decision.allowed) return { ...decision, content, template: undefined, usesFallback: false };
  return decision.problem.code === 'window_closed' && fallbackTemplate !== undefined
    ? decideTemplate(input, fallbackTemplate, 'fallbackTemplate')
    : decision;
};
