import type { Channel } from '../shared/domain/config.ts';
import type { MessageContent, SendRequest, TemplateContent } from '../shared/domain/content.ts';
import { type DecisionInput, decideSend, type SendAllowed, type SendRefused } from '../shared/domain/send-decision.ts';
import type { RegisteredTemplate } from '../shared/domain/template.ts';
import { checkTemplate } from '../shared/domain/template-check.ts';
import { toWindowView, type WindowView } from '../shared/domain/window-view.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { MessageSender } from '../shared/providers/provider.ts';
import type { SendState } from '../shared/store/message/load-send-state.ts';

/** A send that the rules allow, in the form in which it goes. */
export interface AllowedSend {
  readonly allowed: true;
  readonly decision: SendAllowed;
  /** What was asked for, or the fallback template. */
  readonly content: MessageContent;
  readonly template: RegisteredTemplate | undefined;
  readonly usedFallback: boolean;
}

export type Verdict = AllowedSend | { readonly allowed: false; readonly problem: ProblemDetails };

/** Everything that decides a request, read at one moment. */
export interface Case {
  readonly channel: Channel;
  readonly request: SendRequest;
  readonly sender: MessageSender;
  readonly state: SendState;
  readonly now: Date;
}

export const factsOf = ({ channel, state, now }: Pick<Case, 'channel' | 'state' | 'now'>): DecisionInput => ({
  now,
  policy: channel,
  session: state.session,
  customer: state.record,
});

export const viewOf = (decided: Case): WindowView =>
  toWindowView(decided.channel.id, decided.request.to, factsOf(decided));

const refusal = ({ code, nextAction, detail }: SendRefused, decided: Case): Verdict => ({
  allowed: false,
  problem: { code, nextAction, detail, session: viewOf(decided) },
});

const refuse = (problem: ProblemDetails): Verdict => ({ allowed: false, problem });

/** Where a template stands in the request, for the paths of its faults. */
type Place = 'content' | 'fallbackTemplate';

const refuseTemplate = (decided: Case, content: TemplateContent, place: Place): ProblemDetails | RegisteredTemplate => {
  const path = (rest: string) => `${place}.${rest}`;
  if (content.purpose === 'notification' && decided.channel.notifications === 'forbid')
    return {
      code: 'invalid_request',
      detail: 'This channel sends no notifications: leave the purpose out to re-engage the customer.',
      errors: [{ path: path('purpose'), message: 'notifications are forbidden on this channel' }],
    };
  const check = checkTemplate(decided.state.templates, content);
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

const decideTemplate = (decided: Case, asked: TemplateContent, place: Place): Verdict => {
  const template = refuseTemplate(decided, asked, place);
  if ('code' in template) return refuse(template);
  const content = { ...asked, language: template.language };
  const unsupported = decided.sender.unsupported(content);
  if (unsupported !== undefined) return refuse(toUnsupported(unsupported, place));
  const { purpose } = content;
  const decision = decideSend(factsOf(decided), { kind: 'template', purpose, category: template.category });
  return decision.allowed
    ? { allowed: true, decision, content, template, usedFallback: place === 'fallbackTemplate' }
    : refusal(decision, decided);
};

const toUnsupported = ({ path, message }: { path: string; message: string }, place: Place): ProblemDetails => ({
  code: 'unsupported_by_provider',
  detail: message,
  errors: [{ path: path.replace(/^content\b/, place), message }],
});

/**
 * Decides a request: the message itself or, where the window is closed for it, its fallback template.
 * Pure: the same request on what was seen at the same moment gets the same verdict, sent or only asked about.
 */
export const decide = (decided: Case): Verdict => {
  const { content, fallbackTemplate } = decided.request;
  if (content.type === 'template') return decideTemplate(decided, content, 'content');
  const unsupported = decided.sender.unsupported(content);
  if (unsupported !== undefined) return refuse(toUnsupported(unsupported, 'content'));
  const decision = decideSend(factsOf(decided), { kind: 'session' });
  if (decision.allowed) return { allowed: true, decision, content, template: undefined, usedFallback: false };
  return decision.code === 'window_closed' && fallbackTemplate !== undefined
    ? decideTemplate(decided, fallbackTemplate, 'fallbackTemplate')
    : refusal(decision, decided);
};
