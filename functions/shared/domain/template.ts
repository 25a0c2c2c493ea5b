import type { TemplateContent } from './content.ts';

/** One button of a template; `type` is WhatsApp's (`QUICK_REPLY`, `URL`, `COPY_CODE`, `PHONE_NUMBER`, …). */
export interface TemplateButton {
  readonly type: string;
  readonly text?: string | undefined;
  /** Ends with `{{1}}` when it has a parameter. */
  readonly url?: string | undefined;
  /** Of a one-time password: `COPY_CODE`, `ONE_TAP` or `ZERO_TAP`. */
  readonly otpType?: string | undefined;
}

/** One component of a template as the provider registered it (`HEADER`, `BODY`, `FOOTER`, `BUTTONS`, …). */
export interface TemplateComponent {
  readonly type: string;
  /** Of a header: `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`, `PRODUCT`. */
  readonly format?: string | undefined;
  /** With `{{1}}` (positional) or `{{name}}` (named) in the place of each parameter. */
  readonly text?: string | undefined;
  readonly buttons?: readonly TemplateButton[] | undefined;
  /** Of a limited-time offer: whether each send says when it expires. */
  readonly hasExpiration?: boolean | undefined;
  /** Of a carousel. */
  readonly cards?: readonly TemplateCard[] | undefined;
}

/** One card of a carousel; all have the same kinds of components. */
export interface TemplateCard {
  readonly components: readonly TemplateComponent[];
}

/** A template in one language, as the provider lists it. */
export interface Template {
  readonly name: string;
  /** With an underscore: `en_US`. */
  readonly language: string;
  /** The provider's status: only `APPROVED` may be sent. */
  readonly status: string;
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION`, in upper case. */
  readonly category: string;
  readonly quality?: string | undefined;
  readonly components: readonly TemplateComponent[];
  /** How long WhatsApp tries to deliver it. @default - WhatsApp's: 30 days, for authentication 10 minutes */
  readonly ttlSeconds?: number | undefined;
}

/** The registry's entry. */
export interface RegisteredTemplate extends Template {
  /** Grows by one with each change, so that a decision records the version that it used. */
  readonly version: number;
}

/**
 * Whether the provider has just stopped a template for its quality or a policy. Archiving and deleting are decisions of
 * the business, and a template that is rejected in its first review could not be sent before.
 */
export const isStoppedByProvider = (before: Template, after: Template): boolean =>
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

/** Writes a language as `en_US`: some webhooks of Meta have `en-US`, and lists of Sinch `EN_US`. */
export const normalizeLanguage = (language: string): string => {
  const [code = '', region] = language.split(/[-_]/);
  return region === undefined ? code.toLowerCase() : `${code.toLowerCase()}_${region.toUpperCase()}`;
};

/** The languages in which a template may be sent, in order of preference. */
export const languagesOf = ({ language, fallbackLanguage }: TemplateContent): readonly string[] =>
  [language, fallbackLanguage].flatMap((candidate) => (candidate === undefined ? [] : [normalizeLanguage(candidate)]));
