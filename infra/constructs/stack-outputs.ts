import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { Account } from '../../functions/shared/domain/config.ts';
import type { EventDeliveries } from './event-deliveries.ts';
import type { ProviderSecrets } from './provider-secrets.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import type { ServiceDashboard } from './service-dashboard.ts';
import type { ServiceEvents } from './service-events.ts';
import type { SessionsTable } from './sessions-table.ts';

interface OutputSources {
  readonly accounts: readonly Account[];
  readonly api: HttpApi;
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
  readonly events: ServiceEvents;
  readonly alarms: ServiceAlarms;
  readonly dashboard: ServiceDashboard;
  /** @default - no channel has endpoints */
  readonly deliveries: EventDeliveries | undefined;
}

const SET_SECRET =
  "Set its value with aws secretsmanager put-secret-value; the secret's description has an example of the JSON";

const addAccountOutputs = (stack: Construct, { accounts, api, secrets }: OutputSources): void => {
  const webhookUrls = new Construct(stack, 'WebhookUrl');
  const toFill = new Construct(stack, 'SecretToFill');
  for (const { id, provider } of accounts) {
    new CfnOutput(webhookUrls, id, {
      value: `${api.apiEndpoint}/webhooks/${provider}/${id}`,
      description: `Webhook URL to enter at ${provider} for account ${id}`,
    });
    const arn = secrets.arns[id];
    if (arn !== undefined) new CfnOutput(toFill, id, { value: arn, description: SET_SECRET });
  }
};

const addDeliveryOutputs = (stack: Construct, { deadLetterQueue, secrets }: EventDeliveries): void => {
  new CfnOutput(stack, 'DeliveryFailuresQueueArn', {
    value: deadLetterQueue.queueArn,
    description: 'Dead-letter queue of the events that an endpoint did not accept; npm run redrive retries them',
  });
  const toFill = new Construct(stack, 'DeliverySecretToFill');
  for (const [channel, value] of Object.entries(secrets.arns))
    new CfnOutput(toFill, channel, { value, description: SET_SECRET });
};

/** Adds the outputs that operators and their commands read. */
export const addOutputs = (stack: Stack, sources: OutputSources): void => {
  const { api, sessions, events, alarms, dashboard, deliveries } = sources;
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
  new CfnOutput(stack, 'AlarmTopicArn', { value: alarms.topic.topicArn, description: 'Receives pages, day and night' });
  new CfnOutput(stack, 'NoticeTopicArn', {
    value: alarms.noticeTopic.topicArn,
    description: 'Receives what can wait until the morning',
  });
  new CfnOutput(stack, 'DashboardName', {
    value: dashboard.dashboardName,
    description: 'CloudWatch dashboard of health, usage and cost',
  });
  addAccountOutputs(stack, sources);
  if (deliveries !== undefined) addDeliveryOutputs(stack, deliveries);
};
