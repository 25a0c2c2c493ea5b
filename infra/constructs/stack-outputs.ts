import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { type Account, isWebhookAccount } from '../../functions/shared/domain/config.ts';
import { OAUTH_ROOT } from '../../functions/shared/http/routes.ts';
import type { CognitoIssuer } from './cognito-issuer.ts';
import type { EventDeliveries } from './event-deliveries.ts';
import type { MediaFiles } from './media-files.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import type { ServiceDashboard } from './service-dashboard.ts';
import type { ServiceEvents } from './service-events.ts';
import type { SessionsTable } from './sessions-table.ts';
import type { SocialEvents } from './social-events.ts';

interface OutputSources {
  readonly accounts: readonly Account[];
  readonly api: HttpApi;
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
  readonly events: ServiceEvents;
  readonly files: MediaFiles;
  readonly alarms: ServiceAlarms;
  readonly dashboard: ServiceDashboard;
  /** @default - no channel has endpoints */
  readonly deliveries: EventDeliveries | undefined;
  /** @default - no account is at AWS */
  readonly socialEvents: SocialEvents | undefined;
}

const addWebhookUrls = (stack: Construct, { accounts, api }: OutputSources): void => {
  const webhookUrls = new Construct(stack, 'WebhookUrl');
  for (const { id, provider } of accounts.filter(isWebhookAccount))
    new CfnOutput(webhookUrls, id, {
      value: `${api.apiEndpoint}/webhooks/${provider}/${id}`,
      description: `Webhook URL to enter at ${provider} for account ${id}`,
    });
};

const addFileOutputs = (stack: Stack, files: MediaFiles): void => {
  new CfnOutput(stack, 'MediaQueueUrl', {
    value: files.queue.queueUrl,
    description: 'Queue of the copies and removals of files',
  });
  new CfnOutput(stack, 'MediaFailuresQueueArn', {
    value: files.deadLetterQueue.queueArn,
    description: 'Dead-letter queue of the files that could not be copied or removed; npm run redrive retries them',
  });
};

const addQueueOutputs = (stack: Stack, { deliveries, socialEvents }: OutputSources): void => {
  if (deliveries !== undefined)
    new CfnOutput(stack, 'DeliveryFailuresQueueArn', {
      value: deliveries.deadLetterQueue.queueArn,
      description: 'Dead-letter queue of the events that an endpoint did not accept; npm run redrive retries them',
    });
  if (socialEvents !== undefined)
    new CfnOutput(stack, 'SocialFailuresQueueArn', {
      value: socialEvents.deadLetterQueue.queueArn,
      description: 'Dead-letter queue of the events of numbers at AWS; npm run redrive retries them',
    });
};

/** Adds the outputs that operators and their commands read. */
export const addOutputs = (stack: Stack, sources: OutputSources): void => {
  const { api, sessions, secrets, events, files, alarms, dashboard } = sources;
  new CfnOutput(stack, 'ApiUrl', {
    value: api.apiEndpoint,
    description: 'The API; sign its calls with AWS Signature V4',
  });
  new CfnOutput(stack, 'Region', { value: stack.region });
  new CfnOutput(stack, 'TableName', { value: sessions.table.tableName });
  new CfnOutput(stack, 'EventBusName', {
    value: events.bus.eventBusName,
    description: 'The event bus to subscribe to: docs/events.md',
  });
  new CfnOutput(stack, 'EventFailuresQueueUrl', {
    value: events.deadLetterQueue.queueUrl,
    description: 'Dead-letter queue of the changes that could not be published; npm run redrive publishes them',
  });
  addFileOutputs(stack, files);
  new CfnOutput(stack, 'AlarmTopicArn', { value: alarms.topic.topicArn, description: 'Receives pages, day and night' });
  new CfnOutput(stack, 'NoticeTopicArn', {
    value: alarms.noticeTopic.topicArn,
    description: 'Receives what can wait until the morning',
  });
  new CfnOutput(stack, 'DashboardName', {
    value: dashboard.dashboardName,
    description: 'CloudWatch dashboard of health, usage and cost',
  });
  new CfnOutput(stack, 'SecretPrefix', {
    value: secrets.prefix,
    description:
      'Names of the secrets to fill: <SecretPrefix>/<account>/webhook, <SecretPrefix>/<account>/api and <SecretPrefix>/<channel>/deliveries',
  });
  addWebhookUrls(stack, sources);
  addQueueOutputs(stack, sources);
};

/** Adds where the console is opened. */
export const addConsoleOutput = (stack: Stack, [origin]: readonly string[]): void => {
  new CfnOutput(stack, 'ConsoleUrl', { value: `${origin}/`, description: 'The console, for the people who answer' });
};

/** Adds what callers with an access token need to know. */
export const addOAuthOutputs = (stack: Stack, api: HttpApi, cognito: CognitoIssuer | undefined): void => {
  new CfnOutput(stack, 'OAuthUrl', {
    value: `${api.apiEndpoint}${OAUTH_ROOT}`,
    description: 'The API for callers with an access token',
  });
  if (cognito === undefined) return;
  const { pool, domain, clients, signIn } = cognito;
  new CfnOutput(stack, 'TokenUrl', { value: `${domain.baseUrl()}/oauth2/token`, description: 'Issues access tokens' });
  new CfnOutput(stack, 'UserPoolId', { value: pool.userPoolId });
  const ids = new Construct(stack, 'OAuthClient');
  for (const [id, { userPoolClientId }] of clients)
    new CfnOutput(ids, id, { value: userPoolClientId, description: `Client id of ${id}; Cognito shows its secret` });
  if (signIn !== undefined)
    new CfnOutput(stack, 'SignInClientId', {
      value: signIn.userPoolClientId,
      description: 'Client id of hosted sign-in',
    });
};
