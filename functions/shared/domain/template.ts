import type { TemplateContent } from './content.ts';

/** One button of a template, in WhatsApp's own words (`QUICK_REPLY`, `URL`, `COPY_CODE`, `PHONE_NUMBER`, …). */
export interface TemplateButton {
  readonly type: string;
  readonly text?: string | undefined;
  /** With `{{1}}` at its end when it takes a parameter. */
  readonly url?: string | undefined;
}

/** One component of a template as the provider registered it (`HEADER`, `BODY`, `FOOTER`, `BUTTONS`, …). */
export interface TemplateComponent {
  readonly type: string;
  /** Of a header: `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`. */
  readonly format?: string | undefined;
  /** With `{{1}}` (positional) or `{{name}}` (named) where parameters go. */
  readonly text?: string | undefined;
  readonly buttons?: readonly TemplateButton[] | undefined;
}

/** A template in one language, as the provider holds it. */
export interface Template {
  readonly name: string;
  /** With an underscore: `en_US`. */
  readonly language: string;
  /** The provider's word: only `APPROVED` may be sent. */
  readonly status: string;
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION`, in upper case. */
  readonly category: string;
  readonly quality?: string | undefined;
  readonly components: readonly TemplateComponent[];
}

/** The registry's entry. */
export interface RegisteredTemplate extends Template {
  /** Grows by one with each change, so that a decision can say which version it saw. */
  readonly version: number;
}

/**
 * Whether the provider has just stopped a template for its quality or a policy: what was archived or deleted is the
 * business's own doing, and one that fails its first review could not be sent before.
 */
export const isStopped = (before: Template, after: Template): boolean =>
  before.status !== after.status &&
  (['PAUSED', 'DISABLED'].includes(after.status) || (before.status === 'APPROVED' && after.status === 'REJECTED'));

export interface FieldFault {
  /** Dotted, below the content: `components.0.parameters`. */
  readonly path: string;
  readonly message: string;
}

export type TemplateCheck =
  | { readonly kind: 'ready'; readonly template: RegisteredTemplate }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'not_approved'; readonly detail: string }
  | { readonly kind: 'parameters_invalid'; readonly detail: string; readonly faults: readonly FieldFault[] };

/** Languages are written `en_US` in sends, `en-US` in some of Meta's webhooks and `EN_US` in Sinch's lists. */
export const normalizeLanguage = (language: string): string => {
  const [tongue = '', region] = language.split(/[-_]/);
  return region === undefined ? tongue.toLowerCase() : `${tongue.toLowerCase()}_${region.toUpperCase()}`;
};

/** The languages a content may go out in, best first. */
export const languagesOf = ({ language, fallbackLanguage }: TemplateContent): readonly string[] =>
  [language, fallbackLanguage].flatMap((candidate) => (candidate === undefined ? [] : [normalizeLanguage(candidate)]));
