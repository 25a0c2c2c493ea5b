import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventDeliveryEnv } from '../../functions/event-delivery/env.ts';
import { EventDeliveries } from '../constructs/event-deliveries.ts';
import { CONFIG_FILE } from '../constructs/function-code.ts';
import type { ServiceEvents } from '../constructs/service-events.ts';
import { type FunctionDefaults, ServiceFunction } from '../constructs/service-function.ts';
import { serviceMetric } from '../constructs/service-metrics.ts';
import type { SessionsTable } from '../constructs/sessions-table.ts';

interface EventDeliveryProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly deliveries: EventDeliveries;
}

interface AddEventDeliveryProps extends FunctionDefaults {
  readonly sessions: SessionsTable;
  readonly events: ServiceEvents;
}

/** Posts events to the HTTPS endpoints that the channels name. */
class EventDelivery extends ServiceFunction<typeof EventDeliveryEnv> {
  constructor(scope: Construct, id: string, props: EventDeliveryProps) {
    const { deliveries } = props;
    super(scope, id, {
      ...props,
      name: 'event-delivery',
      env: EventDeliveryEnv,
      values: {
        TABLE_NAME: props.sessions.table.tableName,
        CONFIG_FILE,
        QUEUE_URL: deliveries.queue.queueUrl,
        SECRET_PREFIX: deliveries.secrets.prefix,
      },
      timeout: Duration.seconds(30),
      // An endpoint has 10 s to answer; anything beyond that is the function's own time.
      slow: Duration.seconds(15),
      errorImpact: 'Systems that receive events over HTTPS get them late.',
      noDeadLetterQueue:
        'The queue returns a failed batch for another attempt, and has a dead-letter queue of its own.',
    });
    deliveries.secrets.grantRead(this.function, 'deliveries');
    props.sessions.grant(this.function, 'UpdateItem');
    deliveries.addEventSource(this.function);
    props.alarms.addAlarm(this, 'DeliveriesDropped', {
      metric: serviceMetric('event-delivery', 'DeliveriesDropped'),
      threshold: 1,
      runbook: 'deliveries-dropped',
      impact:
        'Events for an endpoint that the configuration no longer names were dropped: if it was removed by mistake, the system behind it misses them.',
    });
    props.alarms.addAlarm(this, 'DeliveriesOverdue', {
      metric: serviceMetric('event-delivery', 'DeliveriesOverdue'),
      threshold: 1,
      runbook: 'deliveries-late',
      impact:
        'An endpoint has not accepted an event for more than half an hour: the system behind it works with old data. Check the endpoint with its operator.',
    });
  }
}

/** Adds the delivery of events over HTTPS; `undefined`, and nothing added, where no channel names an endpoint. */
export const addEventDelivery = (stack: Construct, props: AddEventDeliveryProps): EventDeliveries | undefined => {
  const channels = props.config.channels.filter(({ deliveries }) => deliveries.length > 0);
  if (channels.length === 0) return undefined;
  const deliveries = new EventDeliveries(stack, 'Deliveries', {
    bus: props.events.bus,
    channels,
    alarms: props.alarms,
  });
  new EventDelivery(stack, 'EventDelivery', { ...props, deliveries });
  return deliveries;
};
