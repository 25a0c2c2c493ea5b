import * as z from 'zod';
import { readJson } from '../../domain/read-json.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import type { ErrorClass, ProviderError } from '../provider.ts';

type Answer = Extract<CallOutcome, { kind: 'answered' }>;

type Documented = readonly [class_: ErrorClass, title: string];

/**
 * The errors of AWS End User Messaging Social and of the signature
 * (https://docs.aws.amazon.com/social-messaging/latest/APIReference/API_SendWhatsAppMessage.html, "Common Errors").
 */
const DOCUMENTED: Readonly<Record<string, Documented>> = {
  ThrottledRequestException: ['retry_later', 'AWS throttles the calls of this account'],
  ThrottlingException: ['retry_later', 'AWS throttles the calls of this account'],
  LimitExceededException: ['retry_later', 'A quota of AWS End User Messaging Social is used up'],
  ValidationException: ['fix_request', 'AWS refuses a parameter'],
  InvalidParametersException: ['fix_request', 'AWS refuses a parameter'],
  ResourceNotFoundException: ['alert', 'AWS does not know the number or the business account'],
  AccessDeniedException: ['alert', 'The role of the function lacks the permission'],
  AccessDeniedByMetaException: ['alert', 'Meta refuses access to the business account'],
  UnrecognizedClientException: ['alert', 'AWS does not know the credentials'],
  InvalidSignatureException: ['alert', 'AWS refuses the signature'],
  ExpiredTokenException: ['alert', 'The credentials have expired'],
  DependencyException: ['retry_now', 'AWS could not reach Meta'],
  InternalServiceException: ['retry_now', 'Unknown error at AWS'],
};

const Body = z.object({ __type: z.string() });

/** The name of an error: `ThrottledRequestException:http://…` in the header, `com.amazonaws…#ThrottledRequestException` in the body. */
const nameOf = ({ headers, text }: Answer): string | undefined => {
  const given = headers['x-amzn-errortype'] ?? readJson(text, Body)?.__type;
  const name = given?.split(':')[0]?.split('#').at(-1);
  return name !== undefined && /^[A-Za-z]{1,64}$/.test(name) ? name : undefined;
};

const classOf = (status: number): ErrorClass => {
  if (status === 429) return 'retry_later';
  return status >= 500 ? 'retry_now' : 'never';
};

/** The error in an answer of AWS, by its name; without one by its HTTP status. Its text may quote the request (R16). */
export const toProviderError = (answer: Answer): ProviderError => {
  const { status } = answer;
  const name = nameOf(answer);
  const documented = name !== undefined && Object.hasOwn(DOCUMENTED, name) ? DOCUMENTED[name] : undefined;
  const [class_, title] = documented ?? [name === undefined && status < 429 ? 'alert' : classOf(status), 'AWS refused'];
  return { code: name ?? `http_${status}`, title, class: class_ };
};
