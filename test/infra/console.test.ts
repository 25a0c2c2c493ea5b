import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ConsoleEnv } from '../../functions/console/env.ts';
import { SCOPE_NAMES } from '../../functions/shared/http/routes.ts';
import { readStage, type Stage } from '../../infra/config.ts';
import { aStage, idOf, propertiesOf, resourcesOf, synthesize, synthesizeAll } from './synthesize.ts';

const POOL = { provider: 'cognito', domainPrefix: 'acme-care' } satisfies z.input<typeof Stage>['oauth'];
const COGNITO = {
  ...POOL,
  clients: [{ id: 'crm', scopes: ['read'] }],
} satisfies z.input<typeof Stage>['oauth'];
const OIDC = {
  provider: 'oidc',
  issuer: 'https://login.acme.com/',
  audiences: ['carewindow'],
} satisfies z.input<typeof Stage>['oauth'];
const SIGN_IN = {
  authorizeUrl: 'https://login.acme.com/authorize',
  tokenUrl: 'https://login.acme.com/token',
  clientId: 'console',
};

const FUNCTION = 'AWS::Lambda::Function';
const CLIENT = 'AWS::Cognito::UserPoolClient';

const Variables = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
const variablesOf = (template: Template) =>
  Variables.parse(propertiesOf(template, FUNCTION, 'Console')).Environment.Variables;

const Policy = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.object({ Action: z.union([z.string(), z.array(z.string())]) })) }),
});

/** The address of the API, as the stage has it and as a nested stack gets it. */
const endpointOf = (template: Template) => ({
  'Fn::GetAtt': [idOf(template, 'AWS::ApiGatewayV2::Api', 'Api'), 'ApiEndpoint'],
});

describe('a stage without a console', () => {
  it('has no function for it, no public page, no origin that may upload', () => {
    const template = synthesize(aStage({ oauth: COGNITO }));

    expect(Object.keys(resourcesOf(template)).filter((id) => id.includes('Console'))).toEqual([]);
    expect(JSON.stringify(resourcesOf(template, 'AWS::ApiGatewayV2::Route'))).not.toContain('"ANY /"');
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'Files')).not.toHaveProperty('CorsConfiguration');
    expect(Object.keys(template.findOutputs('*'))).not.toContain('ConsoleUrl');
  });
});

describe('a stage with a console and a user pool', () => {
  let template: Template;
  let issuer: Template;
  beforeAll(() => {
    const all = synthesizeAll(aStage({ oauth: COGNITO, console: { origin: 'https://care.acme.com' } }));
    template = all.template;
    issuer = all.nested.find((one) => Object.keys(resourcesOf(one, CLIENT)).length > 0) ?? template;
  });

  it('serves it at / and below /console to everyone, in front of everything else, with a throttle of its own', () => {
    const routes = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route'))
      .map(({ Properties }) => Properties)
      .filter(({ RouteKey }) => ['ANY /', 'ANY /console/{proxy+}'].includes(String(RouteKey)));

    expect(routes).toHaveLength(2);
    for (const { AuthorizationType } of routes) expect(AuthorizationType).toBe('NONE');
    const throttle = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 200 };
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::Stage', 'Api')['RouteSettings']).toMatchObject({
      'ANY /': throttle,
      'ANY /console/{proxy+}': throttle,
      'POST /webhooks/meta/{account}': { ThrottlingRateLimit: 70, ThrottlingBurstLimit: 140 },
    });
    const dependencies = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'))[0]?.DependsOn;
    expect(dependencies).toEqual(
      expect.arrayContaining(Object.keys(resourcesOf(template, 'AWS::ApiGatewayV2::Route'))),
    );
  });

  it('may do nothing but write its logs and traces, and holds no secret', () => {
    const policy = Policy.parse(propertiesOf(template, 'AWS::IAM::Policy', 'Console'));
    const actions = policy.PolicyDocument.Statement.flatMap(({ Action }) => Action);

    expect(actions.sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    expect(Object.keys(variablesOf(template)).sort()).toEqual(Object.keys(ConsoleEnv.shape).sort());
    expect(JSON.stringify(variablesOf(template))).not.toMatch(/secret/i);
  });

  it('tells the page where to sign in, where the files are, and how often to ask', () => {
    const domain = expect.stringContaining('.amazoncognito.com');
    const parts = (name: string) => JSON.stringify(variablesOf(template)[name]);

    expect(parts('AUTHORIZE_URL')).toEqual(domain);
    expect(parts('AUTHORIZE_URL')).toContain('/oauth2/authorize');
    expect(parts('TOKEN_URL')).toContain('/oauth2/token');
    expect(parts('LOGOUT_URL')).toContain('/logout');
    expect(variablesOf(template)).toMatchObject({
      PAGE_FILE: '/var/task/page.json',
      SCOPE: SCOPE_NAMES.join(' '),
      POLL_SECONDS: '5',
      LIST_SECONDS: '30',
      FILE_ORIGIN: {
        'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['FilesBucket7C17EE2E', 'RegionalDomainName'] }]],
      },
    });
  });

  it('has a public client: code with PKCE, back to the domain and to the API, with an audience of its own', () => {
    const clients = Object.values(resourcesOf(issuer, CLIENT))
      .map(({ Properties }) => Properties)
      .filter(({ GenerateSecret }) => GenerateSecret === false);
    const urls = ['https://care.acme.com/', { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/ApiEndpoint/) }, '/']] }];

    expect(clients).toHaveLength(1);
    expect(clients[0]).toMatchObject({
      AllowedOAuthFlows: ['code'],
      CallbackURLs: urls,
      LogoutURLs: urls,
      PreventUserExistenceErrors: 'ENABLED',
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Audience: [Match.anyValue(), variablesOf(template)['CLIENT_ID']] },
    });
  });

  it('lets the page upload into the bucket, from its origins alone', () => {
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'Files')['CorsConfiguration']).toEqual({
      CorsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['https://care.acme.com', endpointOf(template)] }],
    });
  });

  it('has the address of the page as output', () => {
    expect(template.findOutputs('ConsoleUrl')['ConsoleUrl']).toMatchObject({ Value: 'https://care.acme.com/' });
  });

  it.each([
    ['Errors', { Statistic: 'Sum', Threshold: 1 }],
    ['Throttles', { Statistic: 'Sum', Threshold: 1 }],
    ['Duration', { ExtendedStatistic: 'p99', Threshold: 3_000 }],
  ])('has an alarm on its %s, shown on the dashboard', (MetricName, more) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName,
      ...more,
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: idOf(template, FUNCTION, 'Console') } }],
      AlarmDescription: Match.stringLikeRegexp('Agents cannot open the console.*docs/runbook.md#function-'),
    });
    expect(JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Dashboard', 'Dashboard'))).toContain(
      idOf(template, FUNCTION, 'Console'),
    );
  });

  it('changes no other resource than these, of a stage with the same access tokens', () => {
    const before = resourcesOf(synthesize(aStage({ oauth: COGNITO })));
    const changed = Object.entries(before).filter(
      ([id, resource]) => JSON.stringify(resource) !== JSON.stringify(resourcesOf(template)[id]),
    );

    expect([...new Set(changed.map(([, { Type }]) => Type))].sort()).toEqual([
      'AWS::ApiGatewayV2::Authorizer',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudFormation::Stack',
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::S3::Bucket',
    ]);
  });
});

describe('a stage with a console and an issuer of its own', () => {
  it('tells the page what the configuration says, and is opened at the address of the API', () => {
    const template = synthesize(
      aStage({ oauth: OIDC, console: { signIn: SIGN_IN, pollSeconds: 10, listSeconds: 60 } }),
    );

    expect(variablesOf(template)).toMatchObject({
      AUTHORIZE_URL: 'https://login.acme.com/authorize',
      TOKEN_URL: 'https://login.acme.com/token',
      LOGOUT_URL: '',
      CLIENT_ID: 'console',
      SCOPE: 'carewindow/read carewindow/send carewindow/admin',
      POLL_SECONDS: '10',
      LIST_SECONDS: '60',
    });
    expect(template.findOutputs('ConsoleUrl')['ConsoleUrl']).toMatchObject({
      Value: { 'Fn::Join': ['', [endpointOf(template), '/']] },
    });
  });
});

describe('the configuration of the console', () => {
  const read = (changes: object) => () => readStage('mine', { mine: { ...aStage(), ...changes } });
  const clients = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `c${index}`, scopes: ['read'] }));

  it.each([
    ['without access tokens', { console: {} }, /needs oauth.*\n.*at console/],
    ['without a sign-in of the issuer', { oauth: OIDC, console: {} }, /is missing.*\n.*at console\.signIn/],
    ['with a pool of which no one gets a token', { oauth: POOL }, /needs clients, signIn or a console.*\n.*at oauth$/],
    ['with a sign-in beside the user pool', { oauth: COGNITO, console: { signIn: SIGN_IN } }, /at console\.signIn/],
    [
      'with 50 clients beside it',
      { oauth: { ...COGNITO, clients: clients(50) }, console: {} },
      /are more than 50.*one of them the console\n.*at oauth\.clients/,
    ],
    [
      'with a path',
      { oauth: COGNITO, console: { origin: 'https://acme.com/care' } },
      /more than an origin.*\n.*origin/,
    ],
    ['with plain HTTP', { oauth: COGNITO, console: { origin: 'http://acme.com' } }, /not an https URL.*\n.*origin/],
    [
      'with a plain token end point',
      { oauth: OIDC, console: { signIn: { ...SIGN_IN, tokenUrl: 'http://login.acme.com/token' } } },
      /not an https URL.*\n.*at console\.signIn\.tokenUrl/,
    ],
    ['that never rests', { oauth: COGNITO, console: { pollSeconds: 1 } }, /at console\.pollSeconds/],
    ['that lists all the time', { oauth: COGNITO, console: { listSeconds: 1 } }, /at console\.listSeconds/],
    ['with a secret', { oauth: OIDC, console: { signIn: { ...SIGN_IN, clientSecret: 's' } } }, /"clientSecret"/],
  ])('is refused %s, and names its path', (_, changes, message) => {
    expect(read(changes)).toThrow(message);
  });

  it('leaves room for 49 clients, and needs none', () => {
    expect(read({ oauth: POOL, console: {} })).not.toThrow();
    expect(read({ oauth: { ...COGNITO, clients: clients(49) }, console: {} })).not.toThrow();
  });
});
