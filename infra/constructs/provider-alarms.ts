import { Construct } from 'constructs';
import type { RunbookSection } from './runbook-sections.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { serviceMetric, sumOf } from './service-metrics.ts';

type ClassIn<Section> = Section extends `provider-errors-${infer ErrorClass}` ? ErrorClass : never;

interface Concern {
  readonly class: ClassIn<RunbookSection>;
  /** Sends in five minutes. */
  readonly threshold: number;
  readonly impact: string;
}

/**
 * What each class of error costs, and from how many on somebody should look: a locked account at once, customers who
 * cannot be reached only when there are many. A window that the provider holds for closed has an alarm of its own.
 */
const CONCERNS: readonly Concern[] = [
  {
    class: 'alert',
    threshold: 1,
    impact: 'The provider asks for a person: until the account, number or token is put right, no customer is answered.',
  },
  {
    class: 'retry_now',
    threshold: 5,
    impact: 'The provider is in trouble: answers to customers are turned down with 503 and go only when sent again.',
  },
  {
    class: 'retry_later',
    threshold: 10,
    impact: 'The provider asks to slow down: answers to customers are turned down with 503 and wait.',
  },
  {
    class: 'fix_request',
    threshold: 10,
    impact:
      'The provider refuses messages for what is in them: customers do not get them, however often they are sent.',
  },
  {
    class: 'fix_template',
    threshold: 5,
    impact:
      'The provider refuses templates that stand approved here: customers whose window has closed are not reached.',
  },
  {
    class: 'never',
    threshold: 20,
    impact: 'Messages do not arrive, or nobody knows whether they did: customers are left without an answer.',
  },
  {
    class: 'opted_out',
    threshold: 20,
    impact:
      'Customers get messages that they have asked the provider to stop: they block the number, and its rating falls.',
  },
];

/** The functions that hear of a provider's errors: in the answer to a send, and in a status afterwards. */
const heard = (metricName: string, by: Readonly<Record<string, string>> = {}) =>
  sumOf({
    sends: serviceMetric('outbound-send', metricName, by),
    statuses: serviceMetric('inbound-webhook', metricName, by),
  });

/** The alarms on what the providers say of the messages we send. */
export class ProviderAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms }: { readonly alarms: ServiceAlarms }) {
    super(scope, id);
    for (const { class: name, threshold, impact } of CONCERNS)
      alarms.addAlarm(this, name, {
        metric: heard('ProviderErrors', { class: name }),
        threshold,
        impact,
        runbook: `provider-errors-${name}`,
      });
    alarms.addAlarm(this, 'Disagreement', {
      metric: heard('ProviderDisagreements'),
      threshold: 1,
      impact:
        'The provider holds a window for closed that is open here: an agent believes in an answer that never goes.',
      runbook: 'provider-disagreement',
    });
  }
}
