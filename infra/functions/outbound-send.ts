import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { OutboundSendEnv } from '../../functions/outbound-send/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { grantSend } from '../constructs/grant-social-messaging.ts';
import type { ProviderSecrets } from '../constructs/provider-secrets.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric, sumOf } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface OutboundSendProps extends FunctionDefaults {
  /** Prepares uploaded files. */
  readonly media: IFunction;
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
}

/** The percentage of sends that were refused; 0 below 20 sends in 15 minutes, where a percentage says nothing. */
const refusalRate = (): MathExpression => {
  const outcomes = {
    refused: serviceMetric('outbound-send', 'SendsRefused'),
    sent: serviceMetric('outbound-send', 'MessagesSent'),
    rejected: serviceMetric('outbound-send', 'SendsRejected'),
    unavailable: serviceMetric('outbound-send', 'SendsUnavailable'),
    doubtful: serviceMetric('outbound-send', 'SendsInDoubt'),
  };
  return new MathExpression({
    expression: 'IF(asked >= 20, 100 * FILL(refused, 0) / asked, 0)',
    usingMetrics: { refused: outcomes.refused, asked: sumOf(outcomes) },
    label: 'percent of sends refused',
    period: Duration.minutes(15),
  });
};

/** Sends a message if the customer's window, consent and template allow it. */
export class OutboundSend extends ServiceFunction<typeof OutboundSendEnv> {
  constructor(scope: Construct, id: string, props: OutboundSendProps) {
    const { sessions, secrets, media } = props;
    super(scope, id, {
      ...props,
      name: 'outbound-send',
      env: OutboundSendEnv,
      values: {
        TABLE_NAME: sessions.table.tableName,
        CONFIG_FILE,
        SECRET_PREFIX: secrets.prefix,
        MEDIA_FUNCTION_ARN: media.functionArn,
      },
      // API Gateway waits for 30 s at most.
      timeout: Duration.seconds(29),
      slow: Duration.seconds(10),
      errorImpact: 'Messages to customers are not sent, or their outcome is unknown.',
    });
    sessions.grant(this.function, 'BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem');
    secrets.grantRead(this.function, 'api');
    grantSend(this.function, props.config);
    Grant.addToPrincipal({
      grantee: this.function,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [media.functionArn],
    });
    props.alarms.addAlarm(this, 'OutcomesUnwritten', {
      metric: serviceMetric('outbound-send', 'OutcomesUnwritten'),
      threshold: 1,
      impact:
        'The outcome of a send could not be stored after the provider had answered: the message may have reached the customer, and counts as in doubt until a status settles it.',
      runbook: 'outcomes-unwritten',
    });
    props.alarms.addAlarm(this, 'Refusals', {
      metric: refusalRate(),
      threshold: 50,
      impact:
        'At least half of all sends are refused: agents and bots write, and customers get no answer. The log of OutboundSend has the code of each refusal.',
      runbook: 'refusal-rate',
    });
  }
}
