import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CATCH_ALLS, isPublic, ROUTES } from '../../functions/shared/http/routes.ts';
import { Stage } from '../../infra/config.ts';
import { aStage, resourcesOf, synthesize, synthesizeAll } from './synthesize.ts';

const CLAIMS_FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:claims';

const COGNITO = {
  provider: 'cognito',
  domainPrefix: 'acme-care',
  clients: [{ id: 'crm', scopes: ['read', 'send'] }],
  claimsFunctionArn: CLAIMS_FUNCTION,
  signIn: { callbackUrls: ['https://console.acme.com/'], logoutUrls: ['https://console.acme.com/bye'] },
} satisfies z.input<typeof Stage>['oauth'];

const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';

const routesOf = (template: Template) =>
  Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties);

describe('a stage without oauth', () => {
  it('has no route below /oauth, no authorizer and no user pool', () => {
    const template = synthesize();

    expect(routesOf(template).filter(({ RouteKey }) => String(RouteKey).includes('/oauth'))).toEqual([]);
    template.resourceCountIs(AUTHORIZER, 0);
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
  });
});

const NestedStack = z.object({ Parameters: z.record(z.string(), z.unknown()) });

/** The resources of a nested stack, with what the stage gives it for its parameters. */
const filledIn = (template: Template, nested: Template) => {
  const given = Object.values(resourcesOf(template, 'AWS::CloudFormation::Stack')).map(
    ({ Properties }) => NestedStack.safeParse(Properties).data?.Parameters ?? {},
  );
  const parameters: Record<string, unknown> = Object.assign({}, ...given);
  const filled = JSON.stringify(routesOf(nested)).replaceAll(/\{"Ref":"(reference\w+)"\}/g, (_, name: string) =>
    JSON.stringify(parameters[name]),
  );
  return z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(filled));
};

/** The nested stack that has a resource of that type. */
const nestedWith = (nested: readonly Template[], type: string): Template => {
  const [found, ...others] = nested.filter((one) => Object.keys(resourcesOf(one, type)).length > 0);
  if (found === undefined || others.length > 0) throw new Error(`one nested stack has ${type}`);
  return found;
};

describe('a stage with an issuer of its own', () => {
  let template: Template;
  let nested: Template;
  beforeAll(() => {
    const audiences = ['carewindow'];
    const stage = aStage({ oauth: { provider: 'oidc', issuer: 'https://login.acme.com/', audiences } });
    const all = synthesizeAll(stage);
    [template, nested] = [all.template, nestedWith(all.nested, 'AWS::ApiGatewayV2::Route')];
  });

  it('has every route of callers a second time, behind one JWT authorizer, with the same function', () => {
    const [authorizer = ''] = Object.keys(resourcesOf(template, AUTHORIZER));
    const withToken = filledIn(template, nested);
    const targetOf = (key: string) => [...routesOf(template), ...withToken].find(({ RouteKey }) => RouteKey === key);

    const keys = [...ROUTES, ...CATCH_ALLS].filter((route) => !isPublic(route));
    for (const { method, path } of keys) {
      const signed = targetOf(`${method} ${path}`);
      expect(targetOf(`${method} /oauth${path}`), path).toEqual({
        ...signed,
        RouteKey: `${method} /oauth${path}`,
        AuthorizationType: 'JWT',
        AuthorizerId: { Ref: authorizer },
      });
      expect(signed).toMatchObject({ AuthorizationType: 'AWS_IAM' });
    }
    expect(withToken).toHaveLength(keys.length);
    expect(Object.keys(resourcesOf(nested))).toHaveLength(keys.length);
  });

  it('checks issuer and audience, and leaves the scopes to the functions', () => {
    template.hasResourceProperties(AUTHORIZER, {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://login.acme.com/', Audience: ['carewindow'] },
    });
    for (const properties of routesOf(nested)) expect(properties).not.toHaveProperty('AuthorizationScopes');
  });

  it('needs one more permission of no function', () => {
    const count = (of: Template) => Object.keys(resourcesOf(of, 'AWS::Lambda::Permission')).length;

    expect(count(template)).toBe(count(synthesize()));
  });

  it('has the URL of the API with tokens as output', () => {
    expect(Object.keys(template.findOutputs('*'))).toContain('OAuthUrl');
    expect(Object.keys(template.findOutputs('*'))).not.toContain('TokenUrl');
  });
});

describe('a stage with a user pool', () => {
  let stage: Template;
  let template: Template;
  beforeAll(() => {
    const all = synthesizeAll(aStage({ oauth: COGNITO }));
    [stage, template] = [all.template, nestedWith(all.nested, 'AWS::Cognito::UserPool')];
  });

  it('accepts the tokens of its clients, whose ids are the audiences', () => {
    const clients = Object.keys(resourcesOf(template, 'AWS::Cognito::UserPoolClient'));

    expect(clients).toHaveLength(2);
    const outputs = Object.entries(template.findOutputs('*'));
    const outputOf = (client: string) => outputs.find(([, { Value }]) => Value.Ref === client)?.[0];
    stage.hasResourceProperties(AUTHORIZER, {
      JwtConfiguration: {
        Audience: clients.map((client) => ({ 'Fn::GetAtt': [Match.anyValue(), `Outputs.${outputOf(client)}`] })),
        Issuer: Match.anyValue(),
      },
    });
  });

  it('gives a system a secret and its own scopes alone, by client credentials alone', () => {
    const server = Object.keys(resourcesOf(template, 'AWS::Cognito::UserPoolResourceServer'))[0];
    const scope = (name: string) => ({ 'Fn::Join': ['', [{ Ref: server }, `/${name}`]] });

    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [scope('read'), scope('send')],
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      CallbackURLs: ['https://console.acme.com/'],
    });
  });

  it('lets no one sign up, demands a second factor, and has a group for each kind of person', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      DeletionProtection: 'ACTIVE',
    });
    const groups = Object.values(resourcesOf(template, 'AWS::Cognito::UserPoolGroup'));
    expect(new Set(groups.map(({ Properties }) => Properties['GroupName']))).toEqual(
      new Set(['reader', 'agent', 'operator']),
    );
  });

  it('keeps its users when the stack is deleted, under a logical id that stays', () => {
    const [[id, pool] = ['', undefined]] = Object.entries(resourcesOf(template, 'AWS::Cognito::UserPool'));

    expect(id).toBe('OAuthPool7F38D049');
    expect(pool).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('lets a function of the operator add claims to tokens of systems too', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: CLAIMS_FUNCTION, LambdaVersion: 'V3_0' } },
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: CLAIMS_FUNCTION,
      Principal: 'cognito-idp.amazonaws.com',
    });
  });

  it('has the outputs that its callers need', () => {
    expect(Object.keys(stage.findOutputs('*'))).toEqual(
      expect.arrayContaining(['OAuthUrl', 'TokenUrl', 'UserPoolId', 'SignInClientId', 'OAuthClientcrm014B8460']),
    );
  });
});

describe('the configuration of access tokens', () => {
  const mistakesOf = (oauth: object) =>
    Stage.shape.oauth.safeParse(oauth).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const clients = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `c${index}`, scopes: ['read'] }));

  it.each([
    ['50 clients', { ...COGNITO, clients: clients(50), signIn: undefined }, []],
    ['50 clients and sign-in', { ...COGNITO, clients: clients(50) }, [/^clients are more than 50/]],
    ['two clients of one id', { ...COGNITO, clients: [...clients(1), ...clients(1)] }, [/^clients has an id twice/]],
    ['a client without a scope', { ...COGNITO, clients: [{ id: 'crm', scopes: [] }] }, [/^clients\.0\.scopes needs/]],
    ['a reserved prefix', { ...COGNITO, domainPrefix: 'my-aws' }, [/^domainPrefix is up to 63/]],
    ['plain HTTP', { provider: 'oidc', issuer: 'http://acme.com', audiences: ['a'] }, [/^issuer is not an https URL/]],
    [
      'a private issuer',
      { provider: 'oidc', issuer: 'https://idp.internal', audiences: ['a'] },
      [/^issuer is a host of/],
    ],
    ['no audience', { provider: 'oidc', issuer: 'https://acme.com', audiences: [] }, [/^audiences needs at least one/]],
  ])('with %s names each mistake', (_, oauth, expected) => {
    const mistakes = mistakesOf(oauth);

    expect(mistakes).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});
