import { Validations } from 'aws-cdk-lib';
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type HttpFunction, ROUTES, type Route } from '../../functions/shared/http/routes.ts';
import type { Stage } from '../config.ts';
import { AccessLog } from './access-log.ts';
import type { ServiceAlarms } from './service-alarms.ts';

const isPublic = ({ auth }: Route): boolean => auth === 'signature';

const keyOf = ({ method, path }: Route): HttpRouteKey => HttpRouteKey.with(path, HttpMethod[method]);

interface ServiceApiProps {
  readonly functions: Readonly<Record<HttpFunction, IFunction>>;
  /** Answers the routes that do not exist. */
  readonly fallback: HttpFunction;
  readonly throttle: Stage['throttle'];
  readonly logRetention: RetentionDays;
  readonly alarms: ServiceAlarms;
}

/** The HTTP API: webhooks are public, signed by the provider and throttled each by itself; everything else takes IAM. */
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
    // Settings of a route can only be deployed once the route exists.
    stage.node.addDependency(...routes);
    this.addAlarms(accessLog);
  }

  private addAlarms(accessLog: AccessLog): void {
    const { api } = this;
    accessLog.addServerErrorAlarm({
      api,
      metricName: 'WebhookServerErrors',
      below: '/webhooks/',
      threshold: 1,
      impact:
        "Webhooks are answered with an error: customers' messages arrive late, and are lost if it lasts for days.",
      runbook: 'webhook-5xx',
    });
    accessLog.addServerErrorAlarm({
      api,
      metricName: 'ApiServerErrors',
      below: '/v1/',
      threshold: 5,
      impact: 'Agents, bots and the CRM get errors: answers to customers do not go out, windows cannot be seen.',
      runbook: 'api-5xx',
    });
  }

  private addRoutes({ functions, fallback }: ServiceApiProps): HttpRoute[] {
    const integrations = {
      'inbound-webhook': new HttpLambdaIntegration('InboundWebhook', functions['inbound-webhook']),
      'outbound-send': new HttpLambdaIntegration('OutboundSend', functions['outbound-send']),
      'sessions-api': new HttpLambdaIntegration('SessionsApi', functions['sessions-api']),
      'template-sync': new HttpLambdaIntegration('TemplateSync', functions['template-sync']),
    } satisfies Record<HttpFunction, HttpLambdaIntegration>;
    const iam = new HttpIamAuthorizer();
    const add = (routeKey: HttpRouteKey, name: HttpFunction, authorizer: HttpIamAuthorizer | HttpNoneAuthorizer) =>
      new HttpRoute(this, routeKey.key, {
        httpApi: this.api,
        routeKey,
        integration: integrations[name],
        authorizer,
      });
    const routes = ROUTES.map((route: Route) => {
      if (!isPublic(route)) return add(keyOf(route), route.function, iam);
      const webhook = add(keyOf(route), route.function, new HttpNoneAuthorizer());
      acknowledgePublic(webhook);
      return webhook;
    });
    return [...routes, add(HttpRouteKey.DEFAULT, fallback, iam)];
  }
}

const throttleWebhooks = (stage: HttpStage, { rate, burst }: Stage['throttle']['webhooks']): void => {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new TypeError('an HttpStage is made of a CfnStage');
  defaultChild.routeSettings = Object.fromEntries(
    ROUTES.filter(isPublic).map((route) => [
      keyOf(route).key,
      { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
    ]),
  );
};

const acknowledgePublic = (webhook: HttpRoute): void =>
  Validations.of(webhook).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'The provider cannot sign for AWS: its own signature (or verify token), checked by the function, authorizes the call.',
  });
