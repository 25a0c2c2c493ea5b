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

/** Namespace of the service's own metrics. */
export const METRIC_NAMESPACE = 'CareWindow';

/** Length of one evaluation period of an alarm. */
export const ALARM_PERIOD = Duration.minutes(5);

/** The description of an alarm. */
interface AlarmText {
  /** One or two sentences: what happened, what a person loses by it, and what to do where that is short to say. */
  readonly impact: string;
  /** The section of docs/runbook.md that says how to find the cause and fix it. */
  readonly runbook: RunbookSection;
}

interface AlarmCondition extends AlarmText {
  readonly metric: IMetric;
  /** The alarm is raised at this value or above. */
  readonly threshold: number;
  /**
   * Consecutive periods that must reach the threshold.
   *
   * @default 1
   */
  readonly periods?: number;
}

interface SilenceCondition extends AlarmText {
  /** The metric that must not stay at zero. */
  readonly metric: IMetric;
  /** Hours at zero after which the alarm is raised. */
  readonly hours: number;
}

const descriptionOf = ({ impact, runbook }: AlarmText): string => `${impact} Runbook: docs/runbook.md#${runbook}`;

/** The SNS topic of all alarms, which accepts messages over TLS only, and the alarms created so far. */
export class ServiceAlarms extends Construct {
  readonly topic: Topic;
  private readonly alarms: Alarm[] = [];

  constructor(scope: Construct, id: string, props: { readonly email: string | undefined }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    // The policy that enforces TLS replaces the default one of SNS, under which CloudWatch may publish.
    this.topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.subscribeEmail(props.email);
  }

  /** Every alarm created so far. */
  get all(): readonly Alarm[] {
    return this.alarms;
  }

  /** Creates an alarm that notifies the topic when the metric reaches the threshold and when it falls below; missing data is good. */
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
   * Creates an alarm that notifies the topic when nothing was counted for that many hours, and when something is again.
   * Missing data is filled with zeros, because CloudWatch otherwise evaluates older data instead and alarms hours late.
   * A metric that was never published has no data to fill and is breaching too.
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
      reason: 'SNS retries an email for hours; an alarm whose email was lost is still shown on the dashboard.',
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
