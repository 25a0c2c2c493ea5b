import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { RunbookSection } from './runbook-sections.ts';

/** Where the service's own metrics are counted. */
export const METRIC_NAMESPACE = 'CareWindow';

/** Over how long an alarm counts before it looks. */
export const ALARM_PERIOD = Duration.minutes(5);

/** What whoever gets the alarm reads. */
interface AlarmText {
  /** A sentence on what a person loses. */
  readonly impact: string;
  /** Where it stands what to look at and to do. */
  readonly runbook: RunbookSection;
}

interface AlarmCondition extends AlarmText {
  readonly metric: IMetric;
  /** The alarm goes off at this value. */
  readonly threshold: number;
  /**
   * Periods in a row that must reach the threshold.
   *
   * @default 1
   */
  readonly periods?: number;
}

interface SilenceCondition extends AlarmText {
  /** What ought to be counted now and then. */
  readonly metric: IMetric;
  /** For how long nothing may be counted. */
  readonly hours: number;
}

const descriptionOf = ({ impact, runbook }: AlarmText): string => `${impact} Runbook: docs/runbook.md#${runbook}`;

/** The topic that every alarm of the service reports to, over TLS only. */
export class ServiceAlarms extends Construct {
  readonly topic: Topic;
  private readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, props: { readonly email: string | undefined }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // The policy that enforces TLS replaces SNS's own, which let CloudWatch in.
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.subscribeEmail(props.email);
  }

  /** Every alarm that was raised so far. */
  get all(): readonly Alarm[] {
    return this.alarms;
  }

  /** Tells the topic when the metric reaches the threshold, and when it no longer does; no data is good news. */
  addAlarm(owner: Construct, id: string, condition: AlarmCondition): void {
    this.createAlarm(owner, id, {
      metric: condition.metric,
      threshold: condition.threshold,
      evaluationPeriods: condition.periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: descriptionOf(condition),
    });
  }

  /**
   * Tells the topic when nothing was counted for so many hours, and when something is again.
   * Filled up with zeros: where data is missing, CloudWatch goes further back than it is asked to, and would be late by
   * hours. What was never counted at all is missing all the same, and counts as silence too.
   */
  addSilenceAlarm(owner: Construct, id: string, silence: SilenceCondition): void {
    this.createAlarm(owner, id, {
      metric: new MathExpression({
        expression: 'FILL(counted, 0)',
        usingMetrics: { counted: silence.metric },
        period: Duration.hours(1),
      }),
      threshold: 1,
      evaluationPeriods: silence.hours,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: descriptionOf(silence),
    });
  }

  private subscribeEmail(email: string): void {
    this.topic.addSubscription(new EmailSubscription(email));
    Validations.of(this.topic).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'SNS tries for hours to hand a mail over; who missed one still sees the alarm on the dashboard.',
    });
  }

  private createAlarm(owner: Construct, id: string, props: AlarmProps): void {
    const alarm = new Alarm(owner, id, props);
    this.alarms.push(alarm);
    const toTopic = new SnsAction(this.topic);
    alarm.addAlarmAction(toTopic);
    alarm.addOkAction(toTopic);
  }
}
