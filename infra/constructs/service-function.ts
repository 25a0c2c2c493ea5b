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
import { ALARM_PERIOD, type ServiceAlarms } from './service-alarms.ts';

/** What every function of a stage has in common. */
export interface FunctionDefaults {
  readonly config: Config;
  readonly logRetention: RetentionDays;
  readonly alarms: ServiceAlarms;
}

export interface ServiceFunctionProps<Env extends z.ZodObject> extends FunctionDefaults {
  /** Folder under `functions/` that holds `handler.ts`. */
  readonly name: string;
  /** The schema that the Lambda reads its environment with. */
  readonly env: Env;
  /** A value for each of its variables, and for nothing else. */
  readonly values: { readonly [Variable in keyof z.input<Env> & string]: string };
  readonly timeout: Duration;
  /** The 99th percentile of the duration from which callers suffer. */
  readonly slow: Duration;
  /** A sentence on what a person loses when this function fails. */
  readonly errorImpact: string;
  /**
   * When it runs by itself; an event on which it failed three times goes to the alarm topic.
   *
   * @default - only when it is called
   */
  readonly schedule?: Schedule;
  /**
   * What becomes of an invocation that fails, where it needs no dead letters of its own.
   *
   * @default - API Gateway answers it
   */
  readonly noDeadLetterQueue?: string;
}

const ANSWERED = 'API Gateway calls and waits for the answer: a failed call is answered and repeated by its caller.';

/** A Lambda with a role, a log group and alarms of its own; its role may write its logs and traces until something else is granted. */
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
      environment: props.values,
      role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      ...(props.schedule === undefined ? {} : { deadLetterTopic: props.alarms.topic }),
    });
    this.addAlarms(props);
    this.acknowledgeTracing();
    if (props.schedule === undefined) this.acknowledgeNoDeadLetters(props.noDeadLetterQueue ?? ANSWERED);
    else this.addSchedule(props.schedule);
  }

  private addSchedule(schedule: Schedule): void {
    const rule = new Rule(this, 'Schedule', { schedule, targets: [new LambdaFunction(this.function)] });
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason: 'EventBridge delivers to the function for 24 hours; what fails inside it has a dead letter topic.',
    });
  }

  private addAlarms({ alarms, errorImpact, slow }: ServiceFunctionProps<Env>): void {
    const period = ALARM_PERIOD;
    alarms.addAlarm(this, 'Errors', {
      metric: this.function.metricErrors({ period }),
      threshold: 1,
      impact: `Calls crash or run out of time. ${errorImpact}`,
      runbook: 'function-errors',
    });
    alarms.addAlarm(this, 'Throttles', {
      metric: this.function.metricThrottles({ period }),
      threshold: 1,
      impact: `Calls are turned away for want of concurrency. ${errorImpact}`,
      runbook: 'function-throttles',
    });
    alarms.addAlarm(this, 'Slow', {
      metric: this.function.metricDuration({ period, statistic: 'p99' }),
      threshold: slow.toMilliseconds(),
      periods: 3,
      impact: `One call in a hundred takes ${slow.toHumanString()} or longer. ${errorImpact}`,
      runbook: 'function-slow',
    });
  }

  private acknowledgeTracing(): void {
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resource: its two write actions take only "*".',
    });
  }

  private acknowledgeNoDeadLetters(reason: string): void {
    Validations.of(this).acknowledge({ id: 'Serverless-LambdaDLQ', reason });
  }
}
