import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CATCH_ALLS, type CatchAll, ROUTES, type Route } from '../../functions/shared/http/routes.ts';
import { idOf, Joined, propertiesOf, resourcesOf, synthesize } from './synthesize.ts';

const FUNCTION_ID = {
  'inbound-webhook': 'InboundWebhook',
  media: 'Media',
  'outbound-send': 'OutboundSend',
  'sessions-api': 'SessionsApi',
  'template-sync': 'TemplateSync',
} as const;

/** The part of the stack's own id that the names of its secrets hold. */
const STACK_DIGITS = {
  'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
};

describe('the HTTP API', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize();
  });

  const stage = () => propertiesOf(template, 'AWS::ApiGatewayV2::Stage', 'Api');

  const calledBy = ({ Target }: Readonly<Record<string, unknown>>): unknown => {
    const [integration] = Joined.parse(Target)['Fn::Join'][1].filter((part) => typeof part === 'object');
    return propertiesOf(template, 'AWS::ApiGatewayV2::Integration', integration?.Ref ?? '')['IntegrationUri'];
  };

  const expected = (route: Route | CatchAll) => [
    `${route.method} ${route.path}`,
    route.auth === 'signature' ? 'NONE' : 'AWS_IAM',
    { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', FUNCTION_ID[route.function]), 'Arn'] },
  ];

  it('has the routes of routes.ts, each with its authorization and function, the catch-alls and a default route', () => {
    const routes = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties['RouteKey'],
      Properties['AuthorizationType'],
      calledBy(Properties),
    ]);
    const fallback = { 'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', 'SessionsApi'), 'Arn'] };

    expect(routes).toHaveLength(ROUTES.length + CATCH_ALLS.length + 1);
    expect(routes).toEqual(
      expect.arrayContaining([...[...ROUTES, ...CATCH_ALLS].map(expected), ['$default', 'AWS_IAM', fallback]]),
    );
  });

  it('throttles each public route separately, and the others together', () => {
    const webhook = { ThrottlingRateLimit: 70, ThrottlingBurstLimit: 140 };
    const webhooks = [...ROUTES, ...CATCH_ALLS].filter(({ auth }) => auth === 'signature');

    expect(stage()).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
      RouteSettings: Object.fromEntries(webhooks.map(({ method, path }) => [`${method} ${path}`, webhook])),
    });
  });

  it('sets the throttles only once the routes exist', () => {
    const dependencies = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'))[0]?.DependsOn;

    expect(dependencies).toEqual(
      expect.arrayContaining(Object.keys(resourcesOf(template, 'AWS::ApiGatewayV2::Route'))),
    );
  });

  it('logs each call by its route key, and never a path, a query, a header or an address (R16)', () => {
    const { Format } = z.object({ Format: z.string() }).parse(stage()['AccessLogSettings']);
    const logged = Object.values(z.record(z.string(), z.string()).parse(JSON.parse(Format)));

    expect(logged).toContain('$context.routeKey');
    expect(logged).toContain('$context.requestId');
    for (const value of logged)
      expect(value).toMatch(
        /^\$context\.(?:requestId|requestTimeEpoch|apiId|routeKey|status|response\w+|integration\w+|error\.responseType)$/,
      );
  });

  it('has no CORS configuration', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
  });

  it('has the outputs that operators need: webhook URLs, prefix of the secrets, API, region, table, bus, both topics, dashboard, the queue of files and the dead-letter queues', () => {
    const endpoint = { 'Fn::GetAtt': [idOf(template, 'AWS::ApiGatewayV2::Api', 'Api'), 'ApiEndpoint'] };
    const values = Object.values(template.findOutputs('*')).map(({ Value }: { Value?: unknown }) => Value);

    expect(values).toHaveLength(14);
    expect(values).toEqual(
      expect.arrayContaining([
        endpoint,
        { 'Fn::Join': ['', [endpoint, '/webhooks/meta/shop-meta']] },
        { 'Fn::Join': ['', [endpoint, '/webhooks/sinch/shop-sinch']] },
        { 'Fn::Join': ['', ['Test/', STACK_DIGITS]] },
        { Ref: 'AWS::Region' },
        { Ref: idOf(template, 'AWS::DynamoDB::GlobalTable', 'Sessions') },
        { Ref: idOf(template, 'AWS::Events::EventBus', 'Events') },
        { Ref: idOf(template, 'AWS::SQS::Queue', 'Events') },
        { Ref: idOf(template, 'AWS::SNS::Topic', 'Alarms') },
        { Ref: idOf(template, 'AWS::SNS::Topic', 'Notices') },
        { Ref: idOf(template, 'AWS::CloudWatch::Dashboard', 'Dashboard') },
        { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'DeliveriesFailures'), 'Arn'] },
        { Ref: idOf(template, 'AWS::SQS::Queue', 'FilesQueue') },
        { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', 'FilesFailures'), 'Arn'] },
      ]),
    );
  });
});
