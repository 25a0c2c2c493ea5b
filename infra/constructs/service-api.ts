import { NestedStack, Validations } from 'aws-cdk-lib';
import {
  CfnRoute,
  CfnStage,
  HttpApi,
  HttpAuthorizer,
  HttpAuthorizerType,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  CATCH_ALLS,
  type CatchAll,
  type HttpFunction,
  isPublic,
  OAUTH_ROOT,
  ROUTES,
  type Route,
} from '../../functions/shared/http/routes.ts';
import type { Stage } from '../config.ts';
import { AccessLog } from './access-log.ts';
import type { ServiceAlarms } from './service-alarms.ts';

const ALL_ROUTES: readonly (Route | CatchAll)[] = [...ROUTES, ...CATCH_ALLS];

/** Answers calls outside the prefixes of the service. */
const FALLBACK: HttpFunction = 'sessions-api';

const keyOf = ({ method, path }: Route | CatchAll, root = ''): HttpRouteKey =>
  HttpRouteKey.with(`${root}${path}`, HttpMethod[method]);

/** Whose access tokens are accepted. */
export interface AcceptedTokens {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

interface ServiceApiProps {
  readonly functions: Readonly<Record<HttpFunction, IFunction>>;
  readonly throttle: Stage['throttle'];
  /** @default - the API is not called with access tokens */
  readonly tokens: AcceptedTokens | undefined;
  readonly logRetention: RetentionDays;
  readonly alarms: ServiceAlarms;
}

/** The HTTP API. Webhook routes are public, since the provider signs them, and are throttled one by one; all others require IAM or, below /oauth, an access token. */
export class ServiceApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: ServiceApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, description: 'CareWindow' });
    const accessLog = new AccessLog(this, 'AccessLog', { retention: props.logRetention, alarms: props.alarms });
    const routes = this.addRoutes(props);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: props.throttle.api.rate, burstLimit: props.throttle.api.burst },
      accessLogSettings: accessLog.settings,
    });
    throttleWebhooks(stage, props.throttle.webhooks);
    // CloudFormation rejects settings of a route that does not exist yet.
    stage.node.addDependency(...routes);
    this.addAlarms(accessLog);
  }

  private addAlarms(accessLog: AccessLog): void {
    const { api } = this;
    accessLog.addResponseAlarm({
      api,
      status: '5*',
      metricName: 'WebhookServerErrors',
      pathPrefix: '/webhooks/',
      threshold: 1,
      impact:
        "Webhooks are answered with 5xx: customers' messages are recorded late, and are lost if this lasts for days.",
      runbook: 'webhook-5xx',
    });
    accessLog.addResponseAlarm({
      api,
      status: '5*',
      metricName: 'ApiServerErrors',
      pathPrefix: '/v1/',
      threshold: 5,
      impact: 'API calls are answered with 5xx: agents, bots and the CRM cannot send messages or read windows.',
      runbook: 'api-5xx',
    });
    accessLog.addResponseAlarm({
      api,
      status: '429',
      metricName: 'WebhooksThrottled',
      pathPrefix: '/webhooks/',
      threshold: 1,
      impact:
        "API Gateway refuses webhooks with 429 because more arrive than the stage allows: customers' messages are recorded late. Raise throttle.webhooks.",
      runbook: 'webhooks-throttled',
    });
  }

  private addRoutes({ functions, tokens }: ServiceApiProps): HttpRoute[] {
    const integrations = {
      'inbound-webhook': integrate('InboundWebhook', functions['inbound-webhook']),
      media: integrate('Media', functions.media),
      'outbound-send': integrate('OutboundSend', functions['outbound-send']),
      'sessions-api': integrate('SessionsApi', functions['sessions-api']),
      'template-sync': integrate('TemplateSync', functions['template-sync']),
    } satisfies Record<HttpFunction, HttpLambdaIntegration>;
    const iam = new HttpIamAuthorizer();
    const add = (routeKey: HttpRouteKey, name: HttpFunction, authorizer: IHttpRouteAuthorizer) =>
      new HttpRoute(this, routeKey.key, {
        httpApi: this.api,
        routeKey,
        integration: integrations[name],
        authorizer,
      });
    const routes = ALL_ROUTES.map((route) => {
      if (!isPublic(route)) return { route, added: add(keyOf(route), route.function, iam) };
      const webhook = add(keyOf(route), route.function, new HttpNoneAuthorizer());
      acknowledgePublic(webhook);
      return { route, added: webhook };
    });
    if (tokens !== undefined) this.addTokenRoutes(tokens, routes);
    return [...routes.map(({ added }) => added), add(HttpRouteKey.DEFAULT, FALLBACK, iam)];
  }

  /**
   * Every route of callers a second time, for access tokens, in a stack of its own: with the secrets of hundreds of channels
   * they exceed the 500 resources of one. The authorizer checks signature, issuer, expiry and audience; the functions check
   * the scopes, since its own 403 cannot be shaped.
   */
  private addTokenRoutes({ issuer, audiences }: AcceptedTokens, routes: readonly AddedRoute[]): void {
    const { apiId } = this.api;
    const { authorizerId } = new HttpAuthorizer(this, 'AccessToken', {
      httpApi: this.api,
      type: HttpAuthorizerType.JWT,
      identitySource: ['$request.header.Authorization'],
      jwtIssuer: issuer,
      jwtAudience: [...audiences],
    });
    const nested = new NestedStack(this, 'TokenRoutes');
    for (const { route, added } of routes.filter((one) => !isPublic(one.route))) {
      const routeKey = keyOf(route, OAUTH_ROOT).key;
      const target = targetOf(added);
      new CfnRoute(nested, routeKey, { apiId, routeKey, target, authorizationType: 'JWT', authorizerId });
    }
  }
}

interface AddedRoute {
  readonly route: Route | CatchAll;
  readonly added: HttpRoute;
}

/** The integration that a route leads to. */
const targetOf = ({ node: { defaultChild } }: HttpRoute): string => {
  if (defaultChild instanceof CfnRoute && defaultChild.target !== undefined) return defaultChild.target;
  throw new TypeError('the default child of an HttpRoute is a CfnRoute with a target');
};

/** One permission per function: with one per route, a function's resource policy would exceed its 20 KB. */
const integrate = (id: string, handler: IFunction) =>
  new HttpLambdaIntegration(id, handler, { scopePermissionToRoute: false });

const throttleWebhooks = (stage: HttpStage, { rate, burst }: Stage['throttle']['webhooks']): void => {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('the default child of an HttpStage is a CfnStage');
  defaultChild.routeSettings = Object.fromEntries(
    ALL_ROUTES.filter(isPublic).map((route) => [
      keyOf(route).key,
      { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
    ]),
  );
};

const acknowledgePublic = (webhook: HttpRoute): void =>
  Validations.of(webhook).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'A provider cannot sign with AWS Signature V4: the function authorizes the call by the provider’s own signature or verify token.',
  });
