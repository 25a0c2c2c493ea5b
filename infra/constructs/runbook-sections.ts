/** The anchors of docs/runbook.md; an alarm without one of them does not compile. */
export const RUNBOOK_SECTIONS = [
  'webhook-5xx',
  'api-5xx',
  'signature-failures',
  'inbound-silence',
  'webhooks-throttled',
  'items-malformed',
  'items-quarantined',
  'refusal-rate',
  'provider-errors-alert',
  'provider-errors-retry_now',
  'provider-errors-retry_later',
  'provider-errors-fix_request',
  'provider-errors-fix_template',
  'provider-errors-never',
  'provider-errors-opted_out',
  'provider-disagreement',
  'in-doubt-age',
  'outcomes-unwritten',
  'template-paused',
  'template-sync-failures',
  'template-sync-age',
  'service-beat',
  'stream-lag',
  'stream-failures',
  'events-rejected',
  'deliveries-failed',
  'deliveries-late',
  'deliveries-dropped',
  'sweep-lag',
  'mau-thresholds',
  'function-errors',
  'function-throttles',
  'function-slow',
  'table-throttles',
] as const;
export type RunbookSection = (typeof RUNBOOK_SECTIONS)[number];

/** `page`: customers are harmed now, at night too. `notice`: it can wait until the morning. */
export type Severity = 'page' | 'notice';

/** The sections whose alarms can wait; every other alarm is a page. */
const NOTICES: ReadonlySet<RunbookSection> = new Set<RunbookSection>([
  'items-malformed',
  'items-quarantined',
  'refusal-rate',
  'provider-errors-retry_later',
  'provider-errors-fix_request',
  'provider-errors-fix_template',
  'provider-errors-never',
  'provider-errors-opted_out',
  'provider-disagreement',
  'in-doubt-age',
  'outcomes-unwritten',
  'template-paused',
  'template-sync-failures',
  'template-sync-age',
  'events-rejected',
  'deliveries-failed',
  'deliveries-late',
  'deliveries-dropped',
  'mau-thresholds',
  'function-slow',
]);

export const severityOf = (section: RunbookSection): Severity => (NOTICES.has(section) ? 'notice' : 'page');
