import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InboundQueueEnv, TIMEOUT_SECONDS } from '../../functions/inbound-queue/env.ts';
import { isAwsSocialAccount } from '../../functions/shared/domain/config.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import { addItemAlarms } from '../constructs/item-alarms.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';
import { hasOwnTopic, SocialEvents } from '../constructs/social-events.ts';
import { EventDestinations } from './event-destination.ts';

interface AddInboundQueueProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
}

interface InboundQueueProps extends AddInboundQueueProps {
  readonly events: SocialEvents;
}

/** Records the events of AWS End User Messaging Social. */
class InboundQueue extends ServiceFunction<typeof InboundQueueEnv> {
  constructor(scope: Construct, id: string, props: InboundQueueProps) {
    const { sessions, events } = props;
    super(scope, id, {
      ...props,
      name: 'inbound-queue',
      env: InboundQueueEnv,
      values: { TABLE_NAME: sessions.table.tableName, CONFIG_FILE },
      timeout: Duration.seconds(TIMEOUT_SECONDS),
      slow: Duration.seconds(10),
      errorImpact: 'Messages to the numbers at AWS are recorded late: windows open late, and agents see messages late.',
      noDeadLetterQueue:
        'The queue returns a failed event for another receive, and has a dead-letter queue of its own.',
    });
    sessions.grantInbound(this.function);
    events.addEventSource(this.function);
    addItemAlarms(this, 'inbound-queue', props.alarms);
  }
}

/** Adds what receives the events of numbers at AWS; `undefined`, and nothing added, where no account is there. */
export const addInboundQueue = (stack: Construct, props: AddInboundQueueProps): SocialEvents | undefined => {
  const accounts = props.config.accounts.filter(isAwsSocialAccount);
  if (accounts.length === 0) return undefined;
  const events = new SocialEvents(stack, 'SocialEvents', { accounts, alarms: props.alarms });
  new InboundQueue(stack, 'InboundQueue', { ...props, events });
  if (events.ownTopic !== undefined)
    new EventDestinations(stack, 'EventDestinations', {
      ...props,
      accounts: accounts.filter(hasOwnTopic),
      topic: events.ownTopic,
    });
  return events;
};
