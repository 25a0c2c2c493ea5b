import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../functions/shared/http/handler.ts';
import { isSignedBy, readSignature } from '../../infra/local/aws-signature.ts';
import { createFront } from '../../infra/local/http-front.ts';
import { createJwtAuthorizer } from '../../infra/local/oauth/jwt-authorizer.ts';
import { createTokenIssuer, type TokenIssuer } from '../../infra/local/oauth/token-issuer.ts';
import type { Assembly } from './assembly/assembly.ts';
import { arnOf } from './assembly/identities.ts';
import type { Functions } from './lambda/functions.ts';

const Route = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['AWS_IAM', 'JWT', 'NONE']),
  AuthorizerId: z.string().optional(),
});
const Integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const Authorizer = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.object({ Audience: z.array(z.string()), Issuer: z.string() }),
});
/** What a function may answer; anything else is taken as a body, which no function of the service does. */
const Answer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});

const message = (statusCode: number, text: string): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

/** The keys with which callers of the API sign. */
export interface CallerKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface GatewayOptions {
  readonly assembly: Assembly;
  readonly functions: Functions;
  readonly report: (fault: string) => void;
}

/** Holds path and query as the caller signed them, until the call is authorized: the event has them decoded. */
const WIRE_PATH = 'x-rehearsal-wire-path';

const withIam = (event: HttpEvent, { accessKeyId }: CallerKeys): HttpEvent => {
  const iam = { accessKey: accessKeyId, userArn: arnOf('iam', 'user/crm', ''), userId: 'AIDAREHEARSAL' };
  const authorizer = { iam };
  const requestContext = { ...event.requestContext, authorizer };
  return { ...event, requestContext };
};

const createIamAuthorizer =
  (keys: CallerKeys) =>
  (handler: HttpHandler): HttpHandler =>
  async (event) => {
    const signature = readSignature(event.headers['authorization']);
    const [path = '', query = ''] = (event.headers[WIRE_PATH] ?? '').split('?');
    const isOurs = signature?.accessKeyId === keys.accessKeyId && signature.service === 'execute-api';
    const body =
      event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    const method = event.requestContext.http.method;
    const isSigned =
      isOurs && (await isSignedBy(keys.secretAccessKey, { method, path, query, headers: event.headers, body }));
    return isSigned ? handler(withIam(event, keys)) : message(403, 'Forbidden');
  };

const jwtOf = (assembly: Assembly) => {
  const [authorizer] = assembly.ofType('AWS::ApiGatewayV2::Authorizer');
  if (authorizer === undefined) throw new Error('the rehearsal needs a stage with access tokens');
  const { Audience: audiences, Issuer: url } = Authorizer.parse(authorizer.properties).JwtConfiguration;
  const issuer: TokenIssuer = createTokenIssuer(url);
  return { id: assembly.identity(authorizer.id).ref, issuer, audiences };
};

/** The HTTP API of the template: its routes, authorizers, integrations and permissions. */
export const createGateway = ({ assembly, functions, report }: GatewayOptions) => {
  const [api] = assembly.ofType('AWS::ApiGatewayV2::Api');
  const apiId = assembly.identity(api?.id ?? '').ref;
  const keys = { accessKeyId: 'AKIAREHEARSAL', secretAccessKey: randomBytes(20).toString('hex') };
  const jwt = jwtOf(assembly);
  const integrations = new Map(
    assembly
      .ofType('AWS::ApiGatewayV2::Integration')
      .map(({ id, properties }) => [
        `integrations/${assembly.identity(id).ref}`,
        Integration.parse(properties).IntegrationUri,
      ]),
  );
  const invoke =
    (arn: string, routeKey: string): HttpHandler =>
    async (event: APIGatewayProxyEventV2) => {
      const { [WIRE_PATH]: _, ...headers } = event.headers;
      const [method = '', path = ''] = routeKey.split(' ');
      const source = arnOf('execute-api', `${apiId}/$default/${method}${path}`);
      if (!functions.mayInvoke('apigateway.amazonaws.com', arn, source)) return message(500, 'Internal Server Error');
      const outcome = await functions.invoke(arn, { ...event, headers });
      if (outcome.kind === 'answered') return Answer.parse(outcome.value);
      report(`${routeKey}: the function failed with ${outcome.errorType}`);
      return message(500, 'Internal Server Error');
    };
  const authorized = {
    AWS_IAM: createIamAuthorizer(keys),
    JWT: createJwtAuthorizer(jwt.issuer, jwt.audiences),
    NONE: (handler: HttpHandler) => handler,
  };
  const all = assembly.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const { RouteKey, Target, AuthorizationType, AuthorizerId } = Route.parse(properties);
    if (AuthorizationType === 'JWT' && AuthorizerId !== jwt.id) throw new Error(`${RouteKey} has another authorizer`);
    const arn = integrations.get(Target);
    if (arn === undefined) throw new Error(`${RouteKey} has no integration`);
    const [method = '', path = ''] = RouteKey.split(' ');
    return { method, path, handler: authorized[AuthorizationType](invoke(arn, RouteKey)) };
  });
  const routes = all.filter(({ path }) => path !== '');
  const fallback = all.find(({ method }) => method === '$default')?.handler ?? (async () => message(404, 'Not Found'));
  const server: Server = createFront({ routes, fallback, now: () => new Date() });
  server.prependListener('request', (request) => {
    request.headersDistinct[WIRE_PATH] = [request.url ?? ''];
  });
  return { server, keys, jwt, apiUrl: assembly.identity(api?.id ?? '').attributes['ApiEndpoint'] ?? '' };
};
export type Gateway = ReturnType<typeof createGateway>;
