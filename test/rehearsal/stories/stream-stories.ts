import { deepStrictEqual, ok } from 'node:assert';
import { parseStreamPosition } from '../../../infra/operate/stream-position.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { deliveredTypes, eventTypes, type Story, write } from './story.ts';

const CRM = 'https://crm.example.com/hooks?tenant=7';

const MAX_AGE_SECONDS = 23 * 3600;

const [BEFORE, POISONED, BEHIND, LATER] = ['+15551230040', '+15551230041', '+15551230042', '+15551230043'] as const;

/** The records of one customer's message fail as long as the bus refuses its event. */
const isolate = async (rehearsal: Rehearsal): Promise<string> => {
  const { settle, refuseEvents, batches } = rehearsal;
  refuseEvents(
    ({ detail, ...event }) => detail['customer'] === POISONED && event['detail-type'] === 'message.received',
  );
  for (const from of [BEFORE, POISONED, BEHIND]) await write(rehearsal, { channel: 'orders', from });
  const earlier = batches().length;
  await settle();

  const sizes = batches()
    .slice(earlier)
    .map((batch) => batch.length);
  ok(Math.max(...sizes) > 4, `the records came in one batch: ${sizes.join()}`);
  deepStrictEqual(sizes.at(-1), 1, `the record is isolated: ${sizes.join()}`);
  for (const customer of [BEFORE, BEHIND])
    deepStrictEqual(new Set(deliveredTypes(rehearsal, CRM, customer)), new Set(['message.received', 'session.opened']));
  ok(!eventTypes(rehearsal, POISONED).includes('message.received'));
  return batches().at(-1)?.[0] ?? '';
};

export const poisonedRecord: Story = {
  name: 'a record that keeps failing is isolated by halving its batch, and after 23 hours its position is kept and an alarm raised',
  play: (rehearsal) =>
    rehearsal.logs.expectErrors('ChangeStream', async () => {
      const { settle, elapse, alarmOf, deadLetters, refuseEvents } = rehearsal;
      const sequenceNumber = await isolate(rehearsal);
      elapse(MAX_AGE_SECONDS - 60);
      await write(rehearsal, { channel: 'orders', from: LATER });
      await settle();
      deepStrictEqual([eventTypes(rehearsal, LATER), alarmOf('EventsFailedRecords')], [[], false]);

      elapse(120);
      await settle();
      deepStrictEqual(new Set(eventTypes(rehearsal, LATER)), new Set(['message.received', 'session.opened']));
      deepStrictEqual(alarmOf('EventsFailedRecords'), true);
      const positions = deadLetters('EventsFailures').map(parseStreamPosition);
      deepStrictEqual(positions[0]?.startSequenceNumber, sequenceNumber);
      refuseEvents(() => false);
    }),
};
