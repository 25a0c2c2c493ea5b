import { type Duration, Validations } from 'aws-cdk-lib';
import { Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { Config } from '../../functions/shared/domain/config.ts';
import { functionCode } from './function-code.ts';
import type { Severity } from './runbook-sections.ts';
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** What every function of a stage has in common. */
export interface FunctionDefaults {
  readonly config: Config;
  /** Key of the stage in `infra/config.ts`. */
  readonly stageName: string;
  readonly logRetention: RetentionDays;
  readonly alarms: ServiceAlarms;
}

export interface ServiceFunctionProps<Env extends z.ZodObject> extends FunctionDefaults {
  /** Folder under `functions/` that holds `handler.ts`. */
  readonly name: string;
  /** The schema with which the Lambda parses its environment. */
  readonly env: Env;
  /** A value for each variable of `env` but STAGE and what Lambda sets; a missing or an unknown variable does not compile. */
  readonly values: { readonly [Variable in Exclude<keyof z.input<Env> & string, 'STAGE' | 'AWS_REGION'>]: string };
  readonly timeout: Duration;
  /** The p99 duration at which the alarm `Slow` is raised. */
  readonly slow: Duration;
  /** A sentence on what a person loses when this function fails; part of its alarms' descriptions. */
  readonly errorImpact: string;
  /**
   * When EventBridge invokes the function; what a failed run left undone is done by the next one.
   *
   * @default - it has no schedule
   */
  readonly schedule?: Schedule;
  /**
   * Who has to act when this function fails.
   *
   * @default - that of the runbook section
   */
  readonly severity?: Severity;
  /**
   * Why the function needs no dead-letter queue of its own.
   *
   * @default - API Gateway invokes it synchronously, or the next run of its schedule repeats the work
   */
  readonly noDeadLetterQueue?: string;
}

const SYNCHRONOUS = 'API Gateway invokes it synchronously: the caller gets the error and can retry.';
const SCHEDULED =
  'Its events hold nothing: the next run of the schedule repeats the work, and alarms report that runs fail or are missing.';

/** A Lambda function with its own role, log group and alarms. The role allows writing logs and traces only, until more is granted. */
export class ServiceFunction<Env extends z.ZodObject> extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', { retention: props.logRetention });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.function = new lambda.Function(this, 'Function', {
      code: functionCode(props.name, props.config),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 1024,
      timeout: props.timeout,
      environment: { ...props.values, STAGE: props.stageName },
      role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
    });
    this.addAlarms(props);
    this.acknowledgeTracing();
    if (props.schedule !== undefined) this.addSchedule(props.schedule);
    const reason = props.schedule === undefined ? SYNCHRONOUS : SCHEDULED;
    this.acknowledgeNoDeadLetterQueue(props.noDeadLetterQueue ?? reason);
  }

  private addSchedule(schedule: Schedule): void {
    const rule = new Rule(this, 'Schedule', { schedule, targets: [new LambdaFunction(this.function)] });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason:
        'EventBridge retries the invocation for 24 hours, and Lambda one that the function fails on twice; then the next run repeats the work.',
    });
  }

  private addAlarms({ alarms, errorImpact, slow, severity }: ServiceFunctionProps<Env>): void {
    const period = ALARM_PERIOD;
    alarms.addAlarm(this, 'Errors', {
      metric: this.function.metricErrors({ period }),
      threshold: 1,
      impact: `Invocations fail or time out. ${errorImpact}`,
      runbook: 'function-errors',
      severity,
    });
    alarms.addAlarm(this, 'Throttles', {
      metric: this.function.metricThrottles({ period }),
      threshold: 1,
      impact: `Invocations are throttled, because the concurrency of the AWS account is used up. ${errorImpact}`,
      runbook: 'function-throttles',
      severity,
    });
    alarms.addAlarm(this, 'Slow', {
      metric: this.function.metricDuration({ period, statistic: 'p99' }),
      threshold: slow.toMilliseconds(),
      periods: 3,
      impact: `One invocation in a hundred takes ${slow.toHumanString()} or longer. ${errorImpact}`,
      runbook: 'function-slow',
      severity,
    });
  }

  private acknowledgeTracing(): void {
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The two write actions of X-Ray support no resource but "*".',
    });
  }

  private acknowledgeNoDeadLetterQueue(reason: string): void {
    Validations.of(this).acknowledge({ id: 'Serverless-LambdaDLQ', reason });
  }
}
