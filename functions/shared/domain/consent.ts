import type { InboundContent, InboundMessage } from './inbound.ts';
import type { Consent } from './send-decision.ts';

/** What a consent is about: every message, or marketing alone (Meta `user_preferences`, error 131050). */
export type ConsentScope = 'all' | 'marketing';

/** One change of a customer's consent, with its provenance: who, when, how, and the text that was shown (R9). */
export interface ConsentChange {
  /** Recognises the same change when it is delivered again. */
  readonly id: string;
  readonly scope: ConsentScope;
  readonly state: 'opted_in' | 'opted_out';
  /** Whole epoch seconds: the provider's time for messages and webhooks, the service's for the API. */
  readonly effectiveAt: number;
  /** How it came about, e.g. `keyword`, `user_preferences`, `website`. */
  readonly source: string;
  /** Who made it: `customer`, `provider`, or whoever called the API. */
  readonly actor: string;
  /** The text the customer was shown, or wrote. */
  readonly text?: string | undefined;
  readonly categories?: readonly string[] | undefined;
}

/** Whether a change takes the place of what is stored: newer wins, on a tie the stricter, an older one never (R9). */
export const supersedes = (change: Pick<ConsentChange, 'state' | 'effectiveAt'>, stored: Consent): boolean =>
  change.effectiveAt > stored.effectiveAt ||
  (change.effectiveAt === stored.effectiveAt && change.state === 'opted_out' && stored.state !== 'opted_out');

/** The keywords of a channel, compared after trimming and case folding. */
export interface ConsentKeywords {
  readonly optOutKeywords: readonly string[];
  readonly optInKeywords: readonly string[];
}

const fold = (text: string): string => text.trim().toLowerCase();

/** What a text means for the consent, when the whole of it is a keyword; opting out wins over opting in. */
export const keywordConsent = (text: string, keywords: ConsentKeywords): 'opted_in' | 'opted_out' | undefined => {
  const folded = fold(text);
  if (keywords.optOutKeywords.some((keyword) => fold(keyword) === folded)) return 'opted_out';
  return keywords.optInKeywords.some((keyword) => fold(keyword) === folded) ? 'opted_in' : undefined;
};

/** The customer's own words: what was written, or the label of what was tapped; a payload is the business's word. */
const wordsOf = (content: InboundContent): string | undefined => {
  if (content.type === 'text' || content.type === 'button') return content.text;
  return content.type === 'button_reply' || content.type === 'list_reply' ? content.title : undefined;
};

/** The change of consent that a customer's message is, when it is a keyword; what is said in a group never is one (R9). */
export const keywordChange = (message: InboundMessage, keywords: ConsentKeywords): ConsentChange | undefined => {
  const text = wordsOf(message.content)?.trim();
  const state = text === undefined || message.groupId !== undefined ? undefined : keywordConsent(text, keywords);
  if (state === undefined) return undefined;
  const effectiveAt = Math.floor(message.providerAtMs / 1000);
  return { id: message.id, scope: 'all', state, effectiveAt, source: 'keyword', actor: 'customer', text };
};

/** WhatsApp's error for a marketing message to a customer who has stopped them. */
const MARKETING_STOPPED = '131050';

/** A provider's error on one of our messages. */
export interface ReportedError {
  readonly messageId: string;
  readonly code: string;
  readonly atMs: number;
}

/** The change of consent that a provider's error tells of, if it does (R9). */
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
