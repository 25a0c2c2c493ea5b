import { NestedStack } from 'aws-cdk-lib';
import {
  CfnRoute,
  type HttpApi,
  HttpAuthorizer,
  HttpAuthorizerType,
  type HttpRoute,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';

/** Whose access tokens are accepted. */
export interface AcceptedTokens {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** A route for callers, and the key that it has for access tokens. */
interface TokenRoute {
  readonly key: string;
  readonly route: HttpRoute;
}

interface TokenRoutesProps extends AcceptedTokens {
  readonly api: HttpApi;
  readonly routes: readonly TokenRoute[];
}

/** The integration that a route leads to. */
const targetOf = ({ node: { defaultChild } }: HttpRoute): string => {
  if (defaultChild instanceof CfnRoute && defaultChild.target !== undefined) return defaultChild.target;
  throw new TypeError('the default child of an HttpRoute is a CfnRoute with a target');
};

/**
 * Adds every route of callers a second time, for access tokens, in a stack of its own: with the secrets of hundreds of
 * channels they exceed the 500 resources of one. The authorizer checks signature, issuer, expiry and audience; the functions
 * check the scopes, since its own 403 cannot be shaped.
 */
export const addTokenRoutes = (scope: Construct, { api, issuer, audiences, routes }: TokenRoutesProps): void => {
  const { apiId } = api;
  const { authorizerId } = new HttpAuthorizer(scope, 'AccessToken', {
    httpApi: api,
    type: HttpAuthorizerType.JWT,
    identitySource: ['$request.header.Authorization'],
    jwtIssuer: issuer,
    jwtAudience: [...audiences],
  });
  const nested = new NestedStack(scope, 'TokenRoutes');
  for (const { key, route } of routes)
    new CfnRoute(nested, key, {
      apiId,
      routeKey: key,
      target: targetOf(route),
      authorizationType: 'JWT',
      authorizerId,
    });
};
