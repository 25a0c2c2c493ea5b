import { CustomResource, Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { EventDestinationEnv } from '../../functions/event-destination/env.ts';
import type { AwsSocialAccount } from '../../functions/shared/domain/aws-social-account.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { grantEventDestinations } from '../constructs/grant-social-messaging.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';

interface EventDestinationProps extends FunctionDefaults {
  /** Those whose events come to our own topic. */
  readonly accounts: readonly AwsSocialAccount[];
  readonly topic: ITopic;
}

/** Makes our topic the event destination of the business accounts at AWS: CloudFormation has no type of resource for it. */
export class EventDestinations extends ServiceFunction<typeof EventDestinationEnv> {
  constructor(scope: Construct, id: string, props: EventDestinationProps) {
    const { accounts, topic } = props;
    super(scope, id, {
      ...props,
      name: 'event-destination',
      env: EventDestinationEnv,
      values: { CONFIG_FILE },
      timeout: Duration.minutes(1),
      slow: Duration.seconds(45),
      errorImpact: 'A deployment waits for up to an hour, and fails.',
      noDeadLetterQueue: 'CloudFormation invokes it, waits for its answer, and rolls back without one.',
    });
    grantEventDestinations(this.function, accounts);
    for (const { id: account, wabaId } of accounts) {
      const destination = new CustomResource(this, `Destination-${account}`, {
        resourceType: 'Custom::WhatsAppEventDestination',
        serviceToken: this.function.functionArn,
        serviceTimeout: Duration.minutes(5),
        properties: { account, wabaId, topicArn: topic.topicArn },
      });
      // Its policy lets AWS publish; the role lets the function call AWS.
      destination.node.addDependency(topic, this.function);
    }
  }
}
