import { Validations } from 'aws-cdk-lib';
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
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
      if (!isPublic(route)) return add(keyOf(route), route.function, iam);
      const webhook = add(keyOf(route), route.function, new HttpNoneAuthorizer());
      acknowledgePublic(webhook);
      return webhook;
    });
    const withToken = toAuthorizers(tokens).flatMap((authorizer) =>
      ALL_ROUTES.filter((route) => !isPublic(route)).map((route) =>
        add(keyOf(route, OAUTH_ROOT), route.function, authorizer),
      ),
    );
    return [...routes, ...withToken, add(HttpRouteKey.DEFAULT, FALLBACK, iam)];
  }
}

/** It checks signature, issuer, expiry and audience; the functions check the scopes, since its own 403 cannot be shaped. */
const toAuthorizers = (tokens: AcceptedTokens | undefined): readonly HttpJwtAuthorizer[] =>
  tokens === undefined
    ? []
    : [new HttpJwtAuthorizer('AccessToken', tokens.issuer, { jwtAudience: [...tokens.audiences] })];

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
