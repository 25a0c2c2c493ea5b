import { NestedStack, type Stack } from 'aws-cdk-lib';
import type { Stage } from '../config.ts';
import type { SignIn } from '../console-config.ts';
import { CognitoIssuer } from './cognito-issuer.ts';
import { consoleOrigins } from './console-origins.ts';
import type { ServiceApi } from './service-api.ts';
import { addOAuthOutputs } from './stack-outputs.ts';

/**
 * Lets the API accept access tokens of the configured issuer, or of a user pool that is made here, in a nested stack. Answers
 * how people sign in to the console; `undefined` where the stage has none.
 */
export const addTokenIssuer = (stack: Stack, stage: Stage, serviceApi: ServiceApi): SignIn | undefined => {
  const { oauth, console } = stage;
  const { api } = serviceApi;
  if (oauth === undefined) return undefined;
  if (oauth.provider === 'oidc') {
    serviceApi.acceptTokens(oauth);
    addOAuthOutputs(stack, api, undefined);
    return console?.signIn;
  }
  const cognito = new CognitoIssuer(new NestedStack(stack, 'TokenIssuer'), 'OAuth', {
    ...oauth,
    consoleUrls: consoleOrigins(stage, api).map((origin) => `${origin}/`),
  });
  serviceApi.acceptTokens({ issuer: cognito.pool.userPoolProviderUrl, audiences: cognito.audiences });
  addOAuthOutputs(stack, api, cognito);
  return cognito.consoleSignIn;
};
