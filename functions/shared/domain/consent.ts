import type { InboundContent, InboundMessage } from './inbound.ts';
import { type ConsentKeywords, keywordMeaning } from './keywords.ts';

export const RECORDED_CONSENT_STATES = ['opted_in', 'opted_out'] as const;
export type RecordedConsentState = (typeof RECORDED_CONSENT_STATES)[number];

export const CONSENT_STATES = ['unknown', ...RECORDED_CONSENT_STATES] as const;

/** The customer's recorded permission (R9); `effectiveAt` in whole epoch seconds. */
export interface Consent {
  readonly state: (typeof CONSENT_STATES)[number];
  readonly effectiveAt: number;
}

export const UNKNOWN_CONSENT: Consent = { state: 'unknown', effectiveAt: 0 };

/** What a consent applies to: every message, or marketing alone (Meta `user_preferences`, error 131050). */
export type ConsentScope = 'all' | 'marketing';

/** One change of a customer's consent, with its provenance: who made it, when, how, and the text shown (R9). */
export interface ConsentChange {
  /** The same for each delivery of the same change. */
  readonly id: string;
  readonly scope: ConsentScope;
  readonly state: RecordedConsentState;
  /** Whole epoch seconds: the provider's time for messages and webhooks, the service's for API calls. */
  readonly effectiveAt: number;
  /** How it was given, e.g. `keyword`, `user_preferences`, `website`. */
  readonly source: string;
  /** Who made it: `customer`, `provider`, or the actor that an API call names. */
  readonly actor: string;
  /** The text that the customer was shown, or wrote. */
  readonly text?: string | undefined;
  readonly categories?: readonly string[] | undefined;
}

/** Whether a change replaces the stored consent: a newer one does, at the same second only the stricter, an older one never (R9). */
export const supersedes = (change: Pick<ConsentChange, 'state' | 'effectiveAt'>, stored: Consent): boolean =>
  change.effectiveAt > stored.effectiveAt ||
  (change.effectiveAt === stored.effectiveAt && change.state === 'opted_out' && stored.state !== 'opted_out');

/** The label of what the customer tapped, where the provider reports it; ids and payloads are text of the business. */
const labelOf = (content: InboundContent): string | undefined => {
  if (content.type === 'button') return content.text;
  if (content.type === 'flow_reply') return content.body;
  const hasTitle = content.type === 'button_reply' || content.type === 'list_reply' || content.type === 'choice';
  return hasTitle ? content.title : undefined;
};

/**
 * The change of consent that a customer's message makes, when it is a keyword. A tap answers a question of the business: its
 * label may opt out, never in. A group message changes nothing (R9).
 */
export const keywordChange = (message: InboundMessage, keywords: ConsentKeywords): ConsentChange | undefined => {
  const { content, groupId, id, providerAtMs } = message;
  const isTap = content.type !== 'text';
  const text = (isTap ? labelOf(content) : content.text)?.trim();
  const meaning = text === undefined || groupId !== undefined ? undefined : keywordMeaning(text, keywords);
  if (meaning === undefined || (isTap && meaning.state === 'opted_in')) return undefined;
  const effectiveAt = Math.floor(providerAtMs / 1000);
  return { id, ...meaning, effectiveAt, source: 'keyword', actor: 'customer', text };
};

/** WhatsApp's error for a marketing message to a customer who has opted out of them. */
const MARKETING_STOPPED = '131050';

/** A provider's error for one message of the business. */
export interface ReportedError {
  readonly messageId: string;
  readonly code: string;
  readonly atMs: number;
}

/** The change of consent that a provider's error implies, if any (R9). */
export const errorChange = ({ messageId, code, atMs }: ReportedError): ConsentChange | undefined =>
  code === MARKETING_STOPPED
    ? {
        id: `${messageId}:${code}`,
        scope: 'marketing',
        state: 'opted_out',
        effectiveAt: Math.floor(atMs / 1000),
        source: 'provider_error',
        actor: 'provider',
      }
    : undefined;
