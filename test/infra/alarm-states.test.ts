import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { compositeRules, type Minute, simulate } from './alarm-simulation.ts';
import { aStage, resourcesOf, synthesize } from './synthesize.ts';

/** Minutes from the creation of the alarms to the first beat whose metric CloudWatch shows. */
const FIRST_BEAT = 3;
const SETTLED = FIRST_BEAT + 15;

interface Life {
  readonly sweep: boolean;
  readonly stream: boolean;
  readonly sync: boolean;
  readonly messages: number;
}
const IDLE: Life = { sweep: true, stream: true, sync: true, messages: 0 };

const DAY = 24 * 60;

/** What the service publishes in a minute of its life; a sync is due once a day, the first one in the first day. */
const published = (minute: number, { sweep, stream, sync, messages }: Life): Minute => ({
  ...(sweep
    ? {
        'CareWindow/OldestInDoubtSeconds/window-sweep': 0,
        'CareWindow/SweepLagSeconds/window-sweep': 0,
        'CareWindow/TemplateSyncAgeSeconds/window-sweep': 60 * (sync ? minute % DAY : minute),
      }
    : {}),
  ...(sweep && stream
    ? {
        'CareWindow/Beats/change-stream': 1,
        ...(minute >= SETTLED ? { 'CareWindow/SettledBeats/change-stream': 1 } : {}),
        'CareWindow/CustomerMessages/change-stream': messages,
      }
    : {}),
});

type Part = readonly [minutes: number, life: Partial<Life>];

/** The minutes of a new stack, hour by hour or shorter, each part with its life. */
const lives = (...parts: readonly Part[]): readonly Minute[] => {
  const life = parts.flatMap(([minutes, changes]) => Array.from({ length: minutes }, () => ({ ...IDLE, ...changes })));
  return life.map((each, minute) => (minute < FIRST_BEAT ? {} : published(minute, each)));
};

const HOUR = 60;
const PAGE = 'AlarmsPage';
const NOTICE = 'AlarmsNotice';
const BEAT = 'WindowSweepBeat';

describe('the states of the alarms', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(aStage({ inboundSilenceHours: 3 }));
  });

  const states = (...parts: readonly Part[]) => simulate(template, lives(...parts));
  /** The first minute in which an alarm is active. */
  const firstOf = (active: ReturnType<typeof states>, id: string) => active.findIndex((ids) => ids.includes(id));

  it('are good in the first hour of a fresh idle stack; before its first beat no one is notified', () => {
    const active = states([HOUR, {}]);

    expect(new Set(active.slice(0, FIRST_BEAT).flat())).toEqual(new Set([BEAT]));
    expect(active.slice(FIRST_BEAT).flat()).toEqual([]);
  });

  it('page once when the sweep is dead', () => {
    const active = states([HOUR, {}], [HOUR, { sweep: false }]);

    expect(firstOf(active, PAGE)).toBeGreaterThan(HOUR + 10);
    expect(firstOf(active, PAGE)).toBeLessThanOrEqual(HOUR + 30);
    expect(active.at(-1)).toEqual([BEAT, PAGE]);
  });

  it('page once when the stream is dead', () => {
    const active = states([HOUR, {}], [HOUR, { stream: false }]);

    expect(firstOf(active, PAGE)).toBeLessThanOrEqual(HOUR + 30);
    expect(active.at(-1)).toEqual([BEAT, PAGE]);
  });

  it('end when the sweep runs again', () => {
    const active = states([HOUR, {}], [HOUR, { sweep: false }], [10, { messages: 1 }]);

    expect(active.at(-1)).toEqual([]);
  });

  it('stay good in a gap of ten minutes, as a deploy may cause', () => {
    const active = states([HOUR, {}], [10, { sweep: false }], [HOUR, { messages: 1 }]);

    expect(active.slice(FIRST_BEAT).flat()).toEqual([]);
  });

  it('notify without a page when the daily sync does not run', () => {
    const active = states([28 * HOUR, { sync: false, messages: 1 }]);

    expect(firstOf(active, NOTICE)).toBe(26 * HOUR);
    expect(active.at(-1)).toEqual(['WindowSweepTemplateSyncAge', NOTICE]);
  });

  it('page after the hours without a customer message that the stage configures, and not while the stack is younger', () => {
    const active = states([4 * HOUR, {}], [5, { messages: 1 }]);

    expect(firstOf(active, PAGE)).toBeGreaterThan(2 * HOUR);
    expect(firstOf(active, PAGE)).toBeLessThanOrEqual(3 * HOUR + FIRST_BEAT);
    expect(active.at(4 * HOUR - 1)).toEqual(['InboundWebhookSilence', PAGE]);
    expect(active.at(-1)).toEqual([]);
  });

  it.each([
    ['CareWindow/ItemsMalformed/inbound-webhook', 'InboundWebhookItemsMalformed', NOTICE],
    ['CareWindow/ItemsQuarantined/inbound-webhook', 'InboundWebhookItemsQuarantined', NOTICE],
    ['CareWindow/OutcomesUnwritten/outbound-send', 'OutboundSendOutcomesUnwritten', NOTICE],
    ['CareWindow/DeliveriesDropped/event-delivery', 'EventDeliveryDeliveriesDropped', NOTICE],
    ['CareWindow/WebhooksThrottled', 'ApiAccessLogWebhooksThrottledAlarm', PAGE],
    ['CareWindow/SignatureFailures/inbound-webhook', 'InboundWebhookSignatureFailures', PAGE],
  ])('with %s are those of %s and %s', (metric, id, composite) => {
    const minutes = lives([30, {}]).map((minute, index) => (index === 29 ? { ...minute, [metric]: 5 } : minute));

    expect(simulate(template, minutes).at(-1)).toEqual([id, composite]);
  });

  it('are all part of exactly one composite alarm', () => {
    const parts = Object.values(compositeRules(template)).flatMap((rule) =>
      [...rule.matchAll(/\w+\("(\w+)"\)/g)].map(([, id]) => id),
    );

    const ids = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
    expect(parts).toHaveLength(ids.length);
    expect(new Set(parts)).toEqual(new Set(ids));
  });

  it('are read by rules within the limits of CloudWatch: 100 alarms and 10,240 characters', () => {
    const ARN = `arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:CareWindow-a-stage-with-a-long-name-`;
    for (const rule of Object.values(compositeRules(template))) {
      const ids = [...rule.matchAll(/\("(\w+)"\)/g)];
      expect(ids.length).toBeLessThanOrEqual(100);
      // CloudFormation appends 13 characters to a generated name.
      expect(rule.length + ids.length * (ARN.length + 13)).toBeLessThanOrEqual(10_240);
    }
  });
});
