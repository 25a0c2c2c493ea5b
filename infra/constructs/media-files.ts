import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Channel, MAX_RETENTION_DAYS } from '../../functions/shared/domain/config.ts';
import { addDeadLetterQueue, deadLetterCount } from './dead-letter-queue.ts';
import type { ServiceAlarms } from './service-alarms.ts';

/** How often a copy is tried: an hour and a half, six minutes apart. */
const MAX_ATTEMPTS = 15;

/** Longer than the function's timeout, so that no copy runs twice at a time. */
const VISIBILITY = Duration.minutes(6);

/** Keys begin with the days that their files are kept; the last rule is for days that no channel has any more. */
const lifecycleRulesOf = (channels: readonly Channel[]): LifecycleRule[] => {
  const retentions = [...new Set(channels.map(({ retentionDays }) => retentionDays))].sort((one, other) => one - other);
  return [
    ...retentions.map((days) => ({ id: `keep-${days}-days`, prefix: `${days}/`, expiration: Duration.days(days) })),
    { id: 'keep-at-most', expiration: Duration.days(MAX_RETENTION_DAYS) },
  ];
};

type FileAction = 'DeleteObject' | 'GetObject' | 'PutObject';

interface MediaFilesProps {
  readonly channels: readonly Channel[];
  readonly alarms: ServiceAlarms;
}

/** The files that customers send and those that are sent to them, and the queue of the copies and removals. */
export class MediaFiles extends Construct {
  readonly bucket: Bucket;
  readonly queue: Queue;
  /** Receives the copies and removals that failed at each attempt. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { channels, alarms }: MediaFilesProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: lifecycleRulesOf(channels),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Who reads a file is in the access log of the API, which gives out the links; an access log of the bucket would be a second store of keys.',
    });
    this.deadLetterQueue = addDeadLetterQueue(this);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(7),
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_ATTEMPTS },
    });
    alarms.addAlarm(this, 'GivenUp', {
      metric: deadLetterCount(this.deadLetterQueue),
      threshold: 1,
      runbook: 'media-failed',
      impact:
        'A customer’s file was not copied, or not removed, in 15 attempts over an hour and a half: agents may not see it before the provider removes it after 7 days, or it is kept longer than its message. Fix the cause, then run npm run redrive.',
    });
  }

  /** Where browsers read and upload files, by links and forms that the service has signed. */
  get origin(): string {
    return `https://${this.bucket.bucketRegionalDomainName}`;
  }

  /** Lets pages of these origins upload files by a form of the service, and read the answer. */
  allowUploadsFrom(origins: readonly string[]): void {
    this.bucket.addCorsRule({ allowedMethods: [HttpMethods.POST], allowedOrigins: [...origins] });
  }

  /** Allows exactly these actions on the files. */
  grant(grantee: IGrantable, ...actions: readonly FileAction[]): void {
    Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `s3:${action}`),
      resourceArns: [this.bucket.arnForObjects('*')],
    });
  }

  /** Allows to learn whether there is a file: without it, S3 answers 403 for one that is missing. */
  grantFind(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
  }

  grantRequest(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }

  /** Invokes the function with copies and removals; one that it reports as failed stays in the queue for its next attempt. */
  addEventSource(target: LambdaFunction): void {
    const { queueArn } = this.queue;
    const queueGrant = Grant.addToPrincipal({
      grantee: target,
      actions: ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
        (action) => `sqs:${action}`,
      ),
      resourceArns: [queueArn],
    });
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: queueArn,
      // Four of the largest files fit on the disk of the function, side by side.
      batchSize: 4,
      maxConcurrency: 20,
      reportBatchItemFailures: true,
    });
    queueGrant.applyBefore(mapping);
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'A failed message stays in the queue, which has a dead-letter queue of its own.',
    });
  }
}
