import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Pricing } from '../../functions/shared/domain/pricing.ts';
import type { ClaimedSend } from '../../functions/shared/store/message/claim-send.ts';
import type { RecordStatus } from '../../functions/shared/store/message/record-status.ts';
import { NOON } from '../support/arrivals.ts';
import { aBegunSend, aReportOn } from '../support/outbound.ts';
import { aTableInMemory } from '../support/table.ts';

const FREE: Pricing = { category: 'service', type: 'free_customer_service', billable: false, model: 'PMP' };
const PAID: Pricing = { category: 'marketing', type: 'regular', model: 'PMP' };

/** The time of each status at the provider. */
const AT = { sent: 1_000, delivered: 2_000, read: 3_000 } as const;
type Told = keyof typeof AT;

const table = aTableInMemory();

const reportOn = (send: ClaimedSend, to: Told, pricing?: Pricing): RecordStatus =>
  aReportOn(send, { to, afterMs: AT[to], pricing });

const keptAs = (pricing: Pricing, by: Told) => ({ ...pricing, at: NOON.getTime() + AT[by] });

let customers = 0;

/** A message to a new customer, so that every run starts anew in the same table. */
const aNewMessage = () => {
  customers += 1;
  return aBegunSend(table.peer(), CustomerKey.parse(`+1650${String(6_550_000 + customers)}`));
};

/** Each of the reports once, and some of them again, in any order. */
const anyDelivery = fc
  .tuple(fc.option(fc.constantFrom(FREE, PAID)), fc.option(fc.constantFrom(FREE, PAID)), fc.option(fc.constant(PAID)))
  .map(([sent, delivered, read]) => [
    { to: 'sent' as const, pricing: sent ?? undefined },
    { to: 'delivered' as const, pricing: delivered ?? undefined },
    { to: 'read' as const, pricing: read ?? undefined },
  ])
  .chain((reports) =>
    fc
      .array(fc.constantFrom(...reports), { maxLength: 3 })
      .chain((again) => fc.shuffledSubarray([...reports, ...again], { minLength: reports.length + again.length })),
  );

describe('the reports on a message, in any order, any number of times', () => {
  it('leave the price that came first, and the status as if there were no prices', async () => {
    await fc.assert(
      fc.asyncProperty(anyDelivery, async (reports) => {
        const sent = await aNewMessage();
        table.wire.reset();
        for (const { to, pricing } of reports) await table.store.recordStatus(reportOn(sent, to, pricing));

        const first = reports.find(({ pricing }) => pricing !== undefined);
        const item = await table.read(sent.key);
        expect(item?.['pricing']).toEqual(first?.pricing === undefined ? undefined : keptAs(first.pricing, first.to));
        expect(item?.['status']).toBe('read');
        expect(table.wire.commands.length - reports.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 80 },
    );
  });

  it('leave one of their prices, whole, when all of them arrive at once', async () => {
    await fc.assert(
      fc.asyncProperty(anyDelivery, async (reports) => {
        const sent = await aNewMessage();
        await Promise.all(reports.map(({ to, pricing }) => table.store.recordStatus(reportOn(sent, to, pricing))));

        const told = reports.flatMap(({ to, pricing }) => (pricing === undefined ? [] : [keptAs(pricing, to)]));
        expect(told.length === 0 ? [undefined] : told).toContainEqual((await table.read(sent.key))?.['pricing']);
      }),
      { numRuns: 40 },
    );
  });
});
