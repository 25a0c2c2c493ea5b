import { OAUTH_ROOT, ROUTES } from '../../../functions/shared/http/routes.ts';
import { anEvent } from '../../support/events.ts';
import { CONTENTS } from './corpus.ts';
import { type Json, mutated, mutatedJson, mutateText, pick, type Random } from './mutate.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import type { Outcome, Target } from './target.ts';
import type { Answered, FuzzWorld } from './world.ts';

type Texts = Readonly<Record<string, string>>;

/** Values that a parameter of that name can have in the world of the run. */
export interface Known {
  readonly [parameter: string]: readonly string[];
}

const ODD = [
  '',
  '%',
  '..',
  '%00',
  '\u0000',
  '\ud800',
  '__proto__',
  'a'.repeat(2_000),
  '-1',
  '1e1',
  '0x10',
  '٣',
  '{}',
  '*',
];

const parameterOf = (random: Random, known: readonly string[] = []): string => {
  const chance = random();
  if (known.length === 0 || chance < 0.08) return pick(random, ODD);
  return chance < 0.2 ? mutateText(random, pick(random, known)) : pick(random, known);
};

const parametersOf = (random: Random, { parameters }: Operation, known: Known) => {
  const of = (place: string): Texts =>
    Object.fromEntries(
      parameters
        .filter((one) => one.in === place && (one.required || random() < 0.5))
        // API Gateway decodes UTF-8, which has no half surrogate pairs.
        .map(({ name }) => [name, parameterOf(random, known[name]).toWellFormed()]),
    );
  return { path: of('path'), query: of('query'), headers: of('header') };
};

const withContent = (random: Random, body: Json): Json =>
  typeof body === 'object' && body !== null && 'content' in body && random() < 0.7
    ? { ...body, content: pick(random, CONTENTS) }
    : body;

/** Names of the world in the place of those of the examples. */
const ofWorld = (random: Random, body: Json, known: Known): Json =>
  typeof body !== 'object' || body === null
    ? body
    : Object.fromEntries(
        Object.entries(body).map(([name, value]) => {
          const names = { to: known['customer'], customer: known['customer'], channel: known['channel'] }[name];
          return [name, names === undefined ? value : pick(random, names)];
        }),
      );

const lowerCase = (headers: Texts): Texts =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]));

interface Call {
  readonly operation: Operation;
  readonly path: Texts;
  readonly query: Texts;
  readonly headers: Texts;
  readonly body: string | undefined;
}

const parsed = (text: string): { readonly value: Json } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** Whether all text of a value is well-formed and free of U+0000. */
const isClean = (value: Json): boolean => {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every((pair) => pair.every(isClean));
};

const IMPORT = 'PUT /v1/channels/{channel}/consents';

/** The rows of an import that were accepted: each row is judged by itself. */
const acceptedRows = (value: Json, answer: Json): Json => {
  const rowsOf = (of: Json): readonly Json[] => Reflect.get(Object(of), 'consents');
  const answers = rowsOf(answer);
  return {
    ...Object(value),
    consents: rowsOf(value).filter((_, index) => Reflect.get(Object(answers[index]), 'outcome') !== 'invalid'),
  };
};

/** Why an accepted call is not one that docs/openapi.json allows. */
const invalidityOf = ({ operation, path, query, headers, body }: Call, answer: Json): string | undefined => {
  const given: Readonly<Record<string, Texts>> = { path, query, header: lowerCase(headers) };
  for (const { name, in: place, required, accepts } of operation.parameters) {
    const value = given[place]?.[place === 'header' ? name.toLowerCase() : name];
    if (value === undefined ? required : !accepts(value)) return `${place} parameter ${name}`;
  }
  if (operation.bodies.length === 0) return undefined;
  if (body === '' && operation.isBodyOptional) return undefined;
  const json = parsed(body ?? '');
  if (json === undefined) return 'a body that is no JSON';
  if (!isClean(json.value)) return 'a body of ill-formed text';
  const value = operation.routeKey === IMPORT ? acceptedRows(json.value, answer) : json.value;
  // An import of invalid rows alone accepts nothing.
  if (operation.routeKey === IMPORT && Reflect.get(Object(value), 'consents').length === 0) return undefined;
  return operation.acceptsBody(value) ? undefined : 'a body that does not match its schema';
};

interface Named {
  readonly code?: string;
  readonly errors?: readonly { readonly path?: string; readonly message?: string }[];
}

/** A refused request names each field; only what concerns the body as a whole has no field. */
const namesFields = ({ code, errors = [] }: Named): boolean =>
  code !== 'invalid_request' ||
  (errors.length > 0 &&
    errors.every(({ path, message }) => message !== undefined && (path !== '' || message.includes('body'))));

const judge = (call: Call, { status, body }: Answered, takeFault: () => string): Outcome => {
  if (status >= 500) return { answer: status, fault: takeFault() };
  const answer = parsed(body)?.value;
  if (!call.operation.documents(status, answer))
    return { answer: status, fault: `an answer that is not documented: ${body}` };
  if (status >= 400)
    return { answer: status, fault: namesFields(answer ?? {}) ? undefined : `no field named: ${body}` };
  const invalid = invalidityOf(call, answer);
  return { answer: status, fault: invalid === undefined ? undefined : `accepted ${invalid}` };
};

/** An operation of the API: a call that is accepted is one that docs/openapi.json allows, and none fails in the service. */
const operationTarget = ({ call, takeFault }: FuzzWorld, operation: Operation, known: Known): Target => ({
  name: operation.routeKey,
  make: (random) => {
    const parameters = parametersOf(random, operation, known);
    const example = ofWorld(random, withContent(random, pick(random, operation.bodies)), known);
    const isChanged = random() < 0.8;
    const body =
      operation.bodies.length === 0 ? undefined : isChanged ? mutatedJson(random, example) : JSON.stringify(example);
    const coding = random() < 0.02 ? { 'content-encoding': pick(random, ['gzip', 'identity', 'br, gzip', '']) } : {};
    const made: Call = { operation, ...parameters, headers: { ...lowerCase(parameters.headers), ...coding }, body };
    const text = JSON.stringify([operation.routeKey, parameters, coding, body]);
    const event = anEvent(operation.routeKey, {
      ...parameters,
      headers: made.headers,
      ...(body === undefined ? {} : { body }),
    });
    return {
      text,
      bytes: text.length,
      send: () => call(operation.routeKey, event),
      judge: (sent) => judge(made, sent as Answered, takeFault),
    };
  },
});

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  reader: ['read'],
  agent: ['read', 'send'],
  operator: ['read', 'send', 'admin'],
};

const CLAIMS = [
  { scope: 'carewindow/read' },
  { scope: 'carewindow/read carewindow/send carewindow/admin' },
  { scp: '[carewindow/read carewindow/send]' },
  { scope: 'carewindow/read carewindow/send carewindow/admin', 'cognito:groups': '[reader]', username: 'u' },
  { scope: 'carewindow/read carewindow/admin', 'cognito:groups': '[operator agent]' },
  { scope: 'carewindow/read', carewindow_channels: 'support-sinch' },
  { scope: 'openid email', carewindow_channels: '[]' },
];

const words = (text: Json): readonly string[] => (typeof text === 'string' ? (text.match(/[^\s,[\]]+/g) ?? []) : []);

/** Whether claims allow a call, by the words of docs/api.md: the scope, for a person also by a group, and the channel. */
const allows = (claims: Readonly<Record<string, Json>>, scope: string, channel: string | undefined): boolean => {
  if (!words(claims['scope'] ?? claims['scp']).includes(`carewindow/${scope}`)) return false;
  const groups = words(claims['cognito:groups']);
  const isPerson = 'username' in claims || 'cognito:groups' in claims;
  if (isPerson && !groups.some((group) => Object.hasOwn(GROUPS, group) && GROUPS[group]?.includes(scope))) return false;
  const bound = claims['carewindow_channels'];
  return bound === undefined || channel === undefined || words(bound).includes(channel);
};

/** A call with an access token succeeds only when its claims, read independently, allow it. */
const accessTokens = ({ call, takeFault }: FuzzWorld, known: Known): Target => ({
  name: 'access tokens',
  make: (random) => {
    const route = pick(
      random,
      ROUTES.filter(({ auth, path }) => auth !== 'signature' && path.includes('{channel}')),
    );
    const operation = OPERATIONS.find(({ routeKey }) => routeKey === `${route.method} ${route.path}`);
    const claims = random() < 0.2 ? pick(random, CLAIMS) : mutated(random, pick(random, CLAIMS));
    const channel = pick(random, known['channel'] ?? []);
    const path = { channel, customer: pick(random, known['customer'] ?? []), id: pick(random, known['id'] ?? []) };
    const routeKey = `${route.method} ${OAUTH_ROOT}${route.path}`;
    const event = anEvent(routeKey, { path, body: JSON.stringify(operation?.bodies[0] ?? {}) });
    const requestContext = { ...event.requestContext, authorizer: { jwt: { claims, scopes: null } } };
    const isRecord =
      typeof claims === 'object' &&
      claims !== null &&
      // No claim has that name, and none is read from it.
      Object.entries(claims).every(([name, value]) => name === '__proto__' || typeof value === 'string');
    const isAllowed = isRecord && allows(claims as Readonly<Record<string, Json>>, route.auth, channel);
    const text = JSON.stringify([routeKey, path, claims]);
    return {
      text,
      bytes: text.length,
      send: () => call(`${route.method} ${route.path}`, { ...event, requestContext }),
      judge: (sent) => {
        const { status } = sent as Answered;
        if (status >= 500) return { answer: status, fault: takeFault() };
        return { answer: status, fault: status < 300 && !isAllowed ? 'allowed by no claim' : undefined };
      },
    };
  },
});

/** Calls with a body have more that can be changed. */
const SHARE_OF_BODIES = 3;

export const callTargets = (fuzzed: FuzzWorld, known: Known): readonly Target[] => [
  ...OPERATIONS.flatMap((operation) => {
    const target = operationTarget(fuzzed, operation, known);
    return Array.from({ length: operation.bodies.length === 0 ? 1 : SHARE_OF_BODIES }, () => target);
  }),
  accessTokens(fuzzed, known),
];
