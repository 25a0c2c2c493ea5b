import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** Where the service's own metrics are counted. */
export const METRIC_NAMESPACE = 'CareWindow';

/** Over how long an alarm counts before it looks. */
export const ALARM_PERIOD = Duration.minutes(5);

interface AlarmCondition {
  readonly metric: IMetric;
  /** The alarm goes off at this value. */
  readonly threshold: number;
  /** A sentence on what a person loses. */
  readonly impact: string;
  /**
   * Periods in a row that must reach the threshold.
   *
   * @default 1
   */
  readonly periods?: number;
}

/** The topic that every alarm of the service reports to, over TLS only. */
export class ServiceAlarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { readonly email: string | undefined }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // The policy that enforces TLS replaces SNS's own, which let CloudWatch in.
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }

  /** Tells the topic when the metric reaches the threshold, and when it no longer does; no data is good news. */
  raise(owner: Construct, id: string, condition: AlarmCondition): void {
    const alarm = new Alarm(owner, id, {
      metric: condition.metric,
      threshold: condition.threshold,
      evaluationPeriods: condition.periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: condition.impact,
    });
    const toTopic = new SnsAction(this.topic);
    alarm.addAlarmAction(toTopic);
    alarm.addOkAction(toTopic);
  }
}
