import { Construct } from 'constructs';
import type { CounterName } from '../../functions/shared/runtime/metric-catalogue.ts';
import type { RunbookSection } from './runbook-sections.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { inboundMetrics, serviceMetric, sumOf } from './service-metrics.ts';

type ClassIn<Section> = Section extends `provider-errors-${infer ErrorClass}` ? ErrorClass : never;

interface ErrorAlarm {
  readonly class: ClassIn<RunbookSection>;
  /** Errors in five minutes. */
  readonly threshold: number;
  readonly impact: string;
}

/**
 * One alarm per error class. The threshold is 1 where every send of an account fails, and higher where single customers
 * are affected. The class `window_closed` is covered by the alarm `Disagreement`.
 */
const ERROR_ALARMS: readonly ErrorAlarm[] = [
  {
    class: 'alert',
    threshold: 1,
    impact:
      'The provider refuses the account, number or token: until it is fixed there, no customer of the account gets an answer.',
  },
  {
    class: 'retry_now',
    threshold: 5,
    impact:
      'The provider is unavailable, or its secret cannot be read: sends are answered with 503, and reach the customer only if the caller retries.',
  },
  {
    class: 'retry_later',
    threshold: 10,
    impact: 'The provider limits the rate: sends are answered with 503 until the callers slow down.',
  },
  {
    class: 'fix_request',
    threshold: 10,
    impact:
      'The provider refuses messages because of their content: customers do not get them, and a retry does not help. Fix the messages in the system that sends them.',
  },
  {
    class: 'fix_template',
    threshold: 5,
    impact:
      'The provider refuses templates that are approved in this registry: customers whose window is closed are not reached. Sync the templates.',
  },
  {
    class: 'never',
    threshold: 20,
    impact: 'Messages are not delivered, or their outcome is unknown: customers get no answer.',
  },
  {
    class: 'opted_out',
    threshold: 20,
    impact:
      'Messages go to customers who have opted out at the provider: they block the number, and its quality rating falls. Stop the campaign.',
  },
];

/** A metric summed over the functions that receive a provider's errors: in the response to a send, and in a status. */
const sendsAndStatuses = (metricName: CounterName, by: Readonly<Record<string, string>> = {}) =>
  sumOf({ sends: serviceMetric('outbound-send', metricName, by), ...inboundMetrics(metricName, by) });

/** The alarms on errors that the providers report for outbound messages. */
export class ProviderAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms }: { readonly alarms: ServiceAlarms }) {
    super(scope, id);
    for (const { class: name, threshold, impact } of ERROR_ALARMS)
      alarms.addAlarm(this, name, {
        metric: sendsAndStatuses('ProviderErrors', { class: name }),
        threshold,
        impact,
        runbook: `provider-errors-${name}`,
      });
    alarms.addAlarm(this, 'AccountErrors', {
      metric: sumOf(inboundMetrics('AccountErrors')),
      threshold: 1,
      impact:
        'Meta reports an error of a number or an account outside any message: messages may be lost or refused until it is fixed there.',
      runbook: 'account-errors',
    });
    alarms.addAlarm(this, 'NamesContradicted', {
      metric: sumOf({
        sends: serviceMetric('change-stream', 'NamesContradicted'),
        ...inboundMetrics('NamesContradicted'),
      }),
      threshold: 20,
      impact:
        'The provider reports many numbers with another user id than before, or user ids with another number: each number has a new owner from then on, who starts without consent, window and thread.',
      runbook: 'names-contradicted',
    });
    alarms.addAlarm(this, 'Disagreement', {
      metric: sendsAndStatuses('ProviderDisagreements'),
      threshold: 1,
      impact:
        'The provider refuses a message because it considers the window closed, which is open here: the agent’s answer is not sent.',
      runbook: 'provider-disagreement',
    });
  }
}
