import { Lazy, Validations } from 'aws-cdk-lib';
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
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  CATCH_ALLS,
  type CatchAll,
  CONSOLE_PATHS,
  type HttpFunction,
  isPublic,
  OAUTH_ROOT,
  ROUTES,
  type Route,
} from '../../functions/shared/http/routes.ts';
import type { Stage } from '../config.ts';
import { AccessLog } from './access-log.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { type AcceptedTokens, addTokenRoutes } from './token-routes.ts';

const ALL_ROUTES: readonly (Route | CatchAll)[] = [...ROUTES, ...CATCH_ALLS];

/** Answers calls outside the prefixes of the service. */
const FALLBACK: HttpFunction = 'sessions-api';

const keyOf = ({ method, path }: Route | CatchAll, root = ''): HttpRouteKey =>
  HttpRouteKey.with(`${root}${path}`, HttpMethod[method]);

type Throttle = Stage['throttle']['api'];

/** Fifty people open the console at once, four files each; no flood of strangers costs more than a few dollars a day. */
const CONSOLE_THROTTLE: Throttle = { rate: 50, burst: 200 };

interface ServiceApiProps {
  readonly functions: Readonly<Record<HttpFunction, IFunction>>;
  readonly throttle: Stage['throttle'];
  readonly logRetention: RetentionDays;
  readonly alarms: ServiceAlarms;
}

/** A route of the route table in the API. */
interface AddedRoute {
  readonly route: Route | CatchAll;
  readonly added: HttpRoute;
}

/**
 * The HTTP API. Webhook routes are public, since the provider signs them, and so is the console; each of these is throttled
 * by itself. All others require IAM or, below /oauth, an access token.
 */
export class ServiceApi extends Construct {
  readonly api: HttpApi;
  private readonly routes: readonly AddedRoute[];
  private readonly stage: HttpStage;
  private readonly publicRoutes: { readonly key: string; readonly throttle: Throttle }[] = [];

  constructor(scope: Construct, id: string, props: ServiceApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, description: 'CareWindow' });
    const accessLog = new AccessLog(this, 'AccessLog', { retention: props.logRetention, alarms: props.alarms });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: props.throttle.api.rate, burstLimit: props.throttle.api.burst },
      accessLogSettings: accessLog.settings,
    });
    this.throttlePublicRoutes();
    this.routes = this.addRoutes(props);
    this.addAlarms(accessLog);
  }

  /** Adds the routes of callers a second time, below /oauth, for access tokens. */
  acceptTokens(tokens: AcceptedTokens): void {
    const routes = this.routes
      .filter(({ route }) => !isPublic(route))
      .map(({ route, added }) => ({ key: keyOf(route, OAUTH_ROOT).key, route: added }));
    addTokenRoutes(this, { ...tokens, api: this.api, routes });
  }

  /** Adds the paths of the console. */
  addConsole(handler: IFunction): void {
    const integration = integrate('Console', handler);
    const reason = 'The page holds no secret, and each of its calls of the API carries the access token of its user.';
    for (const path of CONSOLE_PATHS)
      this.addPublicRoute(HttpRouteKey.with(path, HttpMethod.ANY), { integration, reason, throttle: CONSOLE_THROTTLE });
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

  private addRoutes({ functions, throttle }: ServiceApiProps): AddedRoute[] {
    const integrations = {
      'inbound-webhook': integrate('InboundWebhook', functions['inbound-webhook']),
      media: integrate('Media', functions.media),
      'outbound-send': integrate('OutboundSend', functions['outbound-send']),
      'sessions-api': integrate('SessionsApi', functions['sessions-api']),
      'template-sync': integrate('TemplateSync', functions['template-sync']),
    } satisfies Record<HttpFunction, HttpLambdaIntegration>;
    const authorizer = new HttpIamAuthorizer();
    const routes = ALL_ROUTES.map((route) => {
      const integration = integrations[route.function];
      const added = isPublic(route)
        ? this.addPublicRoute(keyOf(route), { integration, reason: SIGNED, throttle: throttle.webhooks })
        : this.addRoute(keyOf(route), { integration, authorizer });
      return { route, added };
    });
    this.addRoute(HttpRouteKey.DEFAULT, { integration: integrations[FALLBACK], authorizer });
    return routes;
  }

  private addRoute(routeKey: HttpRouteKey, { integration, authorizer }: Target): HttpRoute {
    const route = new HttpRoute(this, routeKey.key, { httpApi: this.api, routeKey, integration, authorizer });
    // CloudFormation rejects settings of a route that does not exist yet.
    this.stage.node.addDependency(route);
    return route;
  }

  private addPublicRoute(routeKey: HttpRouteKey, { integration, reason, throttle }: PublicTarget): HttpRoute {
    const route = this.addRoute(routeKey, { integration, authorizer: new HttpNoneAuthorizer() });
    Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    this.publicRoutes.push({ key: routeKey.key, throttle });
    return route;
  }

  private throttlePublicRoutes(): void {
    const { defaultChild } = this.stage.node;
    if (!(defaultChild instanceof CfnStage)) throw new TypeError('the default child of an HttpStage is a CfnStage');
    const settings = () =>
      this.publicRoutes.map(({ key, throttle: { rate, burst } }) => [
        key,
        { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
      ]);
    defaultChild.routeSettings = Lazy.any({ produce: () => Object.fromEntries(settings()) });
  }
}

interface Target {
  readonly integration: HttpLambdaIntegration;
  readonly authorizer: IHttpRouteAuthorizer;
}

interface PublicTarget {
  readonly integration: HttpLambdaIntegration;
  /** Why no one has to be authorized. */
  readonly reason: string;
  readonly throttle: Throttle;
}

const SIGNED =
  'A provider cannot sign with AWS Signature V4: the function authorizes the call by the provider’s own signature or verify token.';

/** One permission per function: with one per route, a function's resource policy would exceed its 20 KB. */
const integrate = (id: string, handler: IFunction) =>
  new HttpLambdaIntegration(id, handler, { scopePermissionToRoute: false });
