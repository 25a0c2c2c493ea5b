import type { ErrorClass, ProviderError } from '../provider.ts';
import { saysWindowClosed } from '../window-texts.ts';
import type { WireError } from './schema.ts';

type Documented = readonly [class_: ErrorClass, title: string];

/** Meta's error codes (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes). */
const DOCUMENTED: Readonly<Record<string, Documented>> = {
  0: ['alert', 'The access token cannot be authenticated'],
  1: ['retry_now', 'Unknown error at Meta'],
  2: ['retry_now', 'Meta is temporarily unavailable'],
  3: ['alert', 'The app lacks the capability or permission'],
  4: ['retry_later', 'The app has reached its rate limit'],
  10: ['alert', 'The app lacks the permission'],
  33: ['alert', 'The number was deleted'],
  100: ['fix_request', 'A parameter is invalid'],
  190: ['alert', 'The access token has expired'],
  368: ['alert', 'The business account is blocked for violating a policy'],
  470: ['window_closed', 'More than 24 hours have passed since the customer last replied'],
  80007: ['retry_later', 'The WhatsApp business account has reached its rate limit'],
  80008: ['retry_later', 'Too many calls to this WhatsApp business account'],
  130403: ['never', 'The business has blocked this customer'],
  130429: ['retry_later', 'The number sends too many messages at once'],
  130472: ['never', 'The customer is part of a marketing experiment'],
  130497: ['alert', 'The business may not message customers in this country'],
  131000: ['retry_now', 'Unknown error at Meta, the message was not sent'],
  131005: ['alert', 'The access token lacks the permission'],
  131008: ['fix_request', 'A required parameter is missing'],
  131009: ['fix_request', 'A parameter has an invalid value'],
  131016: ['retry_now', 'A service of Meta is temporarily unavailable'],
  131021: ['fix_request', 'Sender and recipient are the same number'],
  131026: ['never', 'The message cannot be delivered to this customer'],
  131030: ['alert', 'The recipient is not on the list of allowed numbers of the test number'],
  131031: ['alert', 'The business account is locked'],
  131035: ['alert', 'A webhook could not be delivered within the data retention limit'],
  131036: ['never', 'The message could not be delivered within the data retention limit'],
  131037: ['alert', 'The display name of the number is not approved'],
  131042: ['alert', 'The business account has a payment problem'],
  131045: ['alert', 'The number is not registered correctly'],
  131047: ['window_closed', 'More than 24 hours have passed since the customer last replied'],
  131048: ['alert', 'The number is restricted because customers blocked it or reported spam'],
  131049: ['never', 'Meta did not deliver the message to keep engagement healthy'],
  131050: ['opted_out', 'The customer has stopped marketing messages of this business'],
  131051: ['fix_request', 'The message type is not supported'],
  131052: ['fix_request', 'The media could not be downloaded'],
  131053: ['fix_request', 'The media could not be uploaded'],
  131056: ['retry_later', 'Too many messages to this customer in a short time'],
  131057: ['retry_now', 'The number is in maintenance for up to a minute'],
  131062: ['fix_request', 'This message needs the phone number, not the user id'],
  131063: ['alert', 'Marketing templates are disabled for this business account'],
  131064: ['alert', 'Sending is limited because templates were put in the wrong category'],
  132000: ['fix_template', 'The number of template parameters is wrong'],
  132001: ['fix_template', 'The template does not exist in this language'],
  132005: ['fix_template', 'The filled-in template is too long'],
  132007: ['fix_template', 'The template violates a policy'],
  132008: ['fix_template', 'A template parameter has an invalid value'],
  132012: ['fix_template', 'A template parameter has the wrong format'],
  132015: ['fix_template', 'The template is paused for low quality'],
  132016: ['fix_template', 'The template is disabled for low quality'],
  132018: ['fix_template', 'The template parameters are invalid'],
  132068: ['fix_template', 'The Flow of the template is blocked'],
  132069: ['fix_template', 'The Flow of the template is throttled'],
  133004: ['retry_now', 'The server is temporarily unavailable'],
  133010: ['alert', 'The number is not registered'],
  133015: ['alert', 'The number was deleted or deregistered a moment ago'],
  135000: ['fix_request', 'The parameters of the message are wrong'],
  2494191: ['never', 'This app may not take the conversation over by a call'],
  139200: ['alert', 'Direct Send is blocked for this business account'],
};

const MISSING_PERMISSION: Documented = ['alert', 'The app lacks a permission'];

/** The class of a code that Meta has added since: a retry may not help. */
const UNKNOWN_CODE: ErrorClass = 'never';

const UNKNOWN_OBJECT: Documented = ['alert', 'The number is unknown, or the access token has no rights on it'];

const WINDOW_CLOSED: Documented = ['window_closed', 'The 24-hour window is closed, by the text of the error'];

/** Codes whose texts may name a 24-hour period for another reason: a limit, or the review of a template. */
const OTHER_PERIODS: readonly ErrorClass[] = ['retry_later', 'fix_template'];

const documented = ({ code, error_subcode }: WireError): Documented | undefined => {
  if (String(code) === '100' && String(error_subcode) === '33') return UNKNOWN_OBJECT;
  if (Object.hasOwn(DOCUMENTED, code)) return DOCUMENTED[code];
  return Number(code) >= 200 && Number(code) <= 299 ? MISSING_PERMISSION : undefined;
};

/** A code is a short number or a single identifier; any other text may be personal data (R16). */
const codeOf = (code: number | string): string =>
  /^(?:-?\d{1,7}|[A-Za-z_]{1,64})$/.test(String(code)) ? String(code) : 'unknown';

const MAX_TITLE = 200;

/** Whether digits in a text are the error's own code, or another that is documented. */
const isCode = (digits: string, code: number | string): boolean =>
  digits === codeOf(code) || Object.hasOwn(DOCUMENTED, digits);

/** Meta's own `(#131030)`, or digits that may be a phone number or an id, also in groups. */
const CODE_OR_DIGITS = /\(#\d{1,7}\)|\d(?:[\s().-]{0,2}\d){5,}/g;

/** Meta's title of an undocumented code, without digits that may be a phone number or an id (R16). */
const undocumentedTitle = ({ code, title, message }: WireError): string =>
  (title ?? message ?? 'Unknown error')
    .replace(CODE_OR_DIGITS, (found) => (found.startsWith('(#') || isCode(found, code) ? found : '…'))
    .slice(0, MAX_TITLE);

const textsOf = ({ title, message, error_data }: WireError) => [title, message, error_data?.details];

/** Maps an error of Meta by its code, and by its text where that says that the window is closed (R10). */
export const toProviderError = (error: WireError): ProviderError => {
  const [class_, title] = documented(error) ?? [UNKNOWN_CODE, undocumentedTitle(error)];
  const code = codeOf(error.code);
  const isWindow = !OTHER_PERIODS.includes(class_) && saysWindowClosed(textsOf(error));
  if (class_ === 'window_closed' || !isWindow) return { code, title, class: class_ };
  return { code, title: WINDOW_CLOSED[1], class: WINDOW_CLOSED[0] };
};
