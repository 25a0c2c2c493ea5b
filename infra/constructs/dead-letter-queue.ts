import { Duration, Validations } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ALARM_PERIOD } from './service-alarms.ts';

/** A queue in which failures end, kept for 14 days for a person to look at and redrive. */
export const addDeadLetterQueue = (scope: Construct): Queue => {
  const failures = new Queue(scope, 'Failures', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const reason = 'It is where failures end; nothing reads it but a person.';
  Validations.of(failures).acknowledge(
    { id: 'AwsSolutions-SQS3', reason },
    { id: 'Serverless-SQSRedrivePolicy', reason },
  );
  return failures;
};

/** How many failures lie in such a queue. */
export const deadLetterCount = (queue: Queue): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: Stats.MAXIMUM });
