import { Duration, Lazy, Validations } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { MediaEnv } from '../../functions/media/env.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { grantMedia } from '../constructs/grant-social-messaging.ts';
import type { MediaFiles } from '../constructs/media-files.ts';
import type { ProviderSecrets } from '../constructs/provider-secrets.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface MediaProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly secrets: ProviderSecrets;
  readonly files: MediaFiles;
}

/** Copies the files of customers, gives out links to them, and takes files that are sent to customers. */
export class Media extends ServiceFunction<typeof MediaEnv> {
  constructor(scope: Construct, id: string, props: MediaProps) {
    const { sessions, secrets, files } = props;
    let linkRole: Role | undefined;
    super(scope, id, {
      ...props,
      name: 'media',
      env: MediaEnv,
      values: {
        TABLE_NAME: sessions.table.tableName,
        CONFIG_FILE,
        SECRET_PREFIX: secrets.prefix,
        BUCKET_NAME: files.bucket.bucketName,
        QUEUE_URL: files.queue.queueUrl,
        LINK_ROLE_ARN: Lazy.string({ produce: () => linkRole?.roleArn }),
      },
      // A file of 100 MB from the provider and into the bucket.
      timeout: Duration.seconds(90),
      slow: Duration.seconds(45),
      errorImpact: 'Agents cannot see the files of customers, and files cannot be uploaded.',
      noDeadLetterQueue:
        'API Gateway invokes it synchronously; the queue returns a failed task for another attempt, and has a dead-letter queue of its own.',
    });
    this.grantAll(props);
    linkRole = this.addLinkRole(files);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::<FilesBucket7C17EE2E.Arn>/*]',
      reason: 'The keys of the files are random; the bucket holds nothing else.',
    });
    props.alarms.addAlarm(this, 'FilesRefused', {
      metric: serviceMetric('media', 'FilesRefused'),
      threshold: 1,
      impact:
        'A customer’s file was not copied: the provider had it no longer, or it is at a host that mediaHosts does not name, too large, or not what the provider announced. Agents do not see it.',
      runbook: 'media-refused',
    });
  }

  private grantAll({ sessions, secrets, files, config }: MediaProps): void {
    sessions.grant(this.function, 'GetItem', 'PutItem', 'Query', 'UpdateItem');
    secrets.grantRead(this.function, 'api');
    grantMedia(this.function, config);
    files.grant(this.function, 'DeleteObject', 'GetObject', 'PutObject');
    files.grantFind(this.function);
    files.grantRequest(this.function);
    files.addEventSource(this.function);
  }

  /** A role that reads files and nothing else: links that it signs live as long as its session. */
  private addLinkRole(files: MediaFiles): Role {
    const role = new Role(this, 'LinkRole', {
      assumedBy: this.function.grantPrincipal,
      description: 'CareWindow: signs links to files for providers',
      maxSessionDuration: Duration.hours(1),
    });
    role.grantAssumeRole(this.function.grantPrincipal);
    files.grant(role, 'GetObject');
    return role;
  }
}
