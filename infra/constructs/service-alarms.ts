import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  type IMetric,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type RunbookSection, type Severity, severityOf } from './runbook-sections.ts';

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
  /** @default - that of the runbook section */
  readonly severity?: Severity | undefined;
}

interface SilenceCondition extends AlarmText {
  /** A counter whose zero is published too. */
  readonly metric: Metric;
  /** Hours at zero after which the alarm is raised. */
  readonly hours: number;
}

interface BeatCondition extends AlarmText {
  /** The metric that has a data point every minute. */
  readonly metric: IMetric;
  /** A metric that has its first data point a while after the first of `metric`. */
  readonly settled: IMetric;
}

/** Periods without a beat after which the alarm is raised: a deploy or a short fault of CloudWatch takes fewer. */
const BEAT_PERIODS = 3;

const descriptionOf = ({ impact, runbook }: AlarmText): string => `${impact} Runbook: docs/runbook.md#${runbook}`;

const COMPOSITES = {
  page: {
    id: 'Page',
    description:
      'Customers are harmed now: at least one alarm of the severity page is active. The notification names the first; the first block of docs/runbook.md lists all.',
  },
  notice: {
    id: 'Notice',
    description:
      'Something is to be fixed in the morning: at least one alarm of the severity notice is active. The notification names the first; the first block of docs/runbook.md lists all.',
  },
} as const satisfies Record<Severity, object>;

/** The alarms created so far, and the two composite alarms that notify for them. */
export class ServiceAlarms extends Construct {
  /** Is notified when the first page becomes active, and when the last has ended. */
  readonly topic: Topic;
  /** The same for notices. */
  readonly noticeTopic: Topic;
  private readonly alarms: Alarm[] = [];
  private readonly rules: Readonly<Record<Severity, IAlarmRule[]>> = { page: [], notice: [] };

  constructor(scope: Construct, id: string, props: { readonly email: string | undefined }) {
    super(scope, id);
    this.topic = addTopic(this, 'Topic', props.email);
    this.noticeTopic = addTopic(new Construct(scope, 'Notices'), 'Topic', props.email);
  }

  /** Every alarm created so far. */
  get all(): readonly Alarm[] {
    return this.alarms;
  }

  /** Creates an alarm that is active while the metric is at the threshold or above; missing data is good. */
  addAlarm(owner: Construct, id: string, condition: AlarmCondition): void {
    const alarm = this.createAlarm(owner, id, {
      metric: condition.metric,
      threshold: condition.threshold,
      evaluationPeriods: condition.periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: descriptionOf(condition),
    });
    this.addRule(condition.severity ?? severityOf(condition.runbook), active(alarm));
  }

  /**
   * Creates an alarm that is active when the counter was zero for that many hours. Missing data is good: in those hours the
   * service did not run yet, or does not run, which is the alarm of {@link addBeatAlarm}.
   */
  addSilenceAlarm(owner: Construct, id: string, silence: SilenceCondition): void {
    const alarm = this.createAlarm(owner, id, {
      metric: silence.metric.with({ period: Duration.hours(1) }),
      threshold: 1,
      evaluationPeriods: silence.hours,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: descriptionOf(silence),
    });
    this.addRule(severityOf(silence.runbook), active(alarm));
  }

  /**
   * Creates an alarm that is active when the metric has no data, and a second one that leaves INSUFFICIENT_DATA for OK with
   * the first data point of `settled` and never leaves OK. The first is notified only after that: in a stack that was just
   * created, the metric has no data for some minutes.
   */
  addBeatAlarm(owner: Construct, { metric, settled, ...text }: BeatCondition): void {
    const shared = { threshold: 1, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD };
    const beat = this.createAlarm(owner, 'Beat', {
      ...shared,
      metric,
      evaluationPeriods: BEAT_PERIODS,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: descriptionOf(text),
    });
    const hasSettled = this.createAlarm(owner, 'Settled', {
      ...shared,
      metric: settled,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.IGNORE,
      alarmDescription: `Is never active: it is OK as soon as the stack has run for a quarter of an hour, and the alarm on the beat counts from then on. Runbook: docs/runbook.md#${text.runbook}`,
    });
    this.addRule(
      severityOf(text.runbook),
      AlarmRule.allOf(active(beat), AlarmRule.fromAlarm(hasSettled, AlarmState.OK)),
    );
  }

  /** Creates the alarms that notify: one for all pages, one for all notices. To be called once, after every other alarm. */
  addComposites(): void {
    for (const [severity, topic] of [
      ['page', this.topic],
      ['notice', this.noticeTopic],
    ] as const) {
      const { id, description } = COMPOSITES[severity];
      const composite = new CompositeAlarm(this, id, {
        alarmRule: AlarmRule.anyOf(...this.rules[severity]),
        alarmDescription: description,
      });
      composite.addAlarmAction(new SnsAction(topic));
      composite.addOkAction(new SnsAction(topic));
    }
  }

  private addRule(severity: Severity, rule: IAlarmRule): void {
    this.rules[severity].push(rule);
  }

  private createAlarm(owner: Construct, id: string, props: AlarmProps): Alarm {
    const alarm = new Alarm(owner, id, props);
    this.alarms.push(alarm);
    return alarm;
  }
}

const active = (alarm: Alarm): IAlarmRule => AlarmRule.fromAlarm(alarm, AlarmState.ALARM);

/** Adds an SNS topic that accepts messages over TLS only. */
const addTopic = (scope: Construct, id: string, email: string | undefined): Topic => {
  const topic = new Topic(scope, id, { enforceSSL: true });
  // The policy that enforces TLS replaces the default one of SNS, under which CloudWatch may publish.
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  if (email === undefined) return topic;
  topic.addSubscription(new EmailSubscription(email));
  Validations.of(topic).acknowledge({
    id: 'Serverless-SNSRedrivePolicy',
    reason: 'SNS retries an email for hours; an alarm whose email was lost is still shown on the dashboard.',
  });
  return topic;
};
