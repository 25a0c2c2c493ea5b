import type { Construct } from 'constructs';
import type { ServiceAlarms } from './service-alarms.ts';
import { serviceMetric } from './service-metrics.ts';

/** The alarms on parts of a webhook that are not recorded as what they are. */
export const addItemAlarms = (
  scope: Construct,
  service: 'inbound-webhook' | 'inbound-queue',
  alarms: ServiceAlarms,
): void => {
  alarms.addAlarm(scope, 'UnplacedItems', {
    metric: serviceMetric(service, 'ItemsUnplaced'),
    threshold: 1,
    impact:
      'A webhook held something that names no customer, no id or no time: a customer may have written it, no agent sees it and no window opens. It is kept in the table for 30 days.',
    runbook: 'unplaced-items',
  });
  alarms.addAlarm(scope, 'ItemsMalformed', {
    metric: serviceMetric(service, 'ItemsMalformed'),
    threshold: 1,
    impact:
      'A part of a correctly signed webhook could not be read: a message or a status may be missing here. The provider has probably changed its format.',
    runbook: 'items-malformed',
  });
  alarms.addAlarm(scope, 'Unreadable', {
    metric: serviceMetric(service, 'ItemsUnreadable'),
    threshold: 1,
    impact:
      'A customer’s session or record in the table cannot be read by the deployed version: their messages are kept, their window does not open, and the provider delivers them again until the item is repaired.',
    runbook: 'items-unreadable',
  });
  alarms.addAlarm(scope, 'ItemsQuarantined', {
    metric: serviceMetric(service, 'ItemsQuarantined'),
    threshold: 1,
    impact:
      'A report of the provider contradicts itself and was not applied: a customer’s opt-in or opt-out may be missing here.',
    runbook: 'items-quarantined',
  });
};
