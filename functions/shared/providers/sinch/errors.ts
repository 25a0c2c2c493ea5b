import { readJson } from '../../domain/read-json.ts';
import type { ErrorClass, ProviderError } from '../provider.ts';
import { saysWindowClosed } from '../window-texts.ts';
import { ApiError } from './schema.ts';

/** Reasons of failed delivery reports (`message_delivery_report.reason.code`). */
export const REASON_CLASS: Readonly<Record<string, ErrorClass>> = {
  OUTSIDE_ALLOWED_SENDING_WINDOW: 'window_closed',
  RECIPIENT_NOT_OPTED_IN: 'opted_out',
  UNKNOWN: 'never',
  INTERNAL_ERROR: 'retry_now',
  RATE_LIMITED: 'retry_later',
  CHANNEL_FAILURE: 'retry_now',
  DELIVERY_TIMED_OUT: 'retry_now',
  /** Its time-to-live, which never exceeds the window (R7), ended before delivery. */
  MESSAGE_EXPIRED: 'retry_now',
  RECIPIENT_INVALID_CHANNEL_IDENTITY: 'fix_request',
  MEDIA_TYPE_UNSUPPORTED: 'fix_request',
  MEDIA_TOO_LARGE: 'fix_request',
  MEDIA_NOT_REACHABLE: 'fix_request',
  BAD_REQUEST: 'fix_request',
  CONTACT_NOT_FOUND: 'fix_request',
  NO_CHANNEL_IDENTITY_FOR_CONTACT: 'fix_request',
  UNSUPPORTED_OPERATION: 'fix_request',
  MESSAGE_SPLIT_REQUIRED: 'fix_request',
  TEMPLATE_NOT_FOUND: 'fix_template',
  TEMPLATE_INSUFFICIENT_PARAMETERS: 'fix_template',
  TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION: 'fix_template',
  RECIPIENT_NOT_REACHABLE: 'never',
  NO_CHANNELS_LEFT: 'never',
  DELIVERY_REJECTED_DUE_TO_POLICY: 'never',
  CHANNEL_REJECT: 'never',
  NO_PROFILE_AVAILABLE: 'never',
  /** It may have been delivered: another send could duplicate it. */
  DELIVERY_REPORT_TIME_OUT: 'never',
  CHANNEL_BAD_CONFIGURATION: 'alert',
  CHANNEL_CONFIGURATION_MISSING: 'alert',
  UNKNOWN_APP: 'alert',
  NO_PERMISSION: 'alert',
  INACTIVE_CREDENTIAL: 'alert',
};

/** The class of a reason that Sinch has added since: a retry may not help. */
const UNKNOWN_REASON: ErrorClass = 'never';

/** Error names of Sinch's API (`error.status`). */
const API_CLASS: Readonly<Record<string, ErrorClass>> = {
  RESOURCE_EXHAUSTED: 'retry_later',
  UNAVAILABLE: 'retry_now',
  UNIMPLEMENTED: 'never',
};

/** HTTP statuses that show that Sinch did not accept the message; 404 is an unknown app or the wrong region. */
const HTTP_CLASS: Readonly<Record<number, ErrorClass>> = {
  401: 'alert',
  403: 'alert',
  404: 'alert',
  408: 'retry_now',
  429: 'retry_later',
  501: 'never',
  503: 'retry_now',
};

const lookUp = (table: Readonly<Record<string, ErrorClass>>, key: string): ErrorClass | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** A code in the format of Sinch's; any other text may be personal data (R16). */
const nameOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[A-Z][A-Z0-9_]{0,63}$/.test(text) ? text : undefined;

/** Titles an error with the words of its code: Sinch's descriptions may quote the number or the message (R16). */
export const toError = (code: string, errorClass: ErrorClass): ProviderError => ({
  code,
  title: `Sinch: ${code.toLowerCase().replaceAll('_', ' ')}`,
  class: errorClass,
});

/** Whatever the code, a text about the window is about the window (R10); rate limits may have periods of 24 hours too. */
const withText = (errorClass: ErrorClass, text: string | undefined): ErrorClass =>
  errorClass !== 'retry_later' && saysWindowClosed([text]) ? 'window_closed' : errorClass;

interface Reason {
  readonly code: string;
  readonly description?: string | undefined;
}

/** Maps the reason of a failed delivery, by its code and by a description that speaks of the window. */
export const toReasonError = (reason: Reason | null | undefined): ProviderError => {
  const code = nameOf(reason?.code) ?? 'UNKNOWN';
  return toError(code, withText(lookUp(REASON_CLASS, code) ?? UNKNOWN_REASON, reason?.description));
};

const classOf = (http: number, name: string): ErrorClass | undefined => {
  const known = lookUp(API_CLASS, name) ?? lookUp(HTTP_CLASS, String(http));
  if (http >= 500) return known;
  return lookUp(REASON_CLASS, name) ?? known ?? (http >= 400 ? 'fix_request' : 'alert');
};

/**
 * Reads the error of an answer that is no success; `undefined` when Sinch may have accepted the message nevertheless: a
 * 5xx without an error object (R12), or with one that does not exclude it, such as INTERNAL.
 */
export const toRefusal = (http: number, text: string): ProviderError | undefined => {
  const body = readJson(text, ApiError);
  if (http >= 500 && body === undefined) return undefined;
  const code = nameOf(body?.status) ?? `http_${http}`;
  const errorClass = classOf(http, code);
  return errorClass === undefined ? undefined : toError(code, withText(errorClass, body?.message));
};
