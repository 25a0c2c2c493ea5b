import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Consent,
  type ConsentChange,
  supersedes,
  UNKNOWN_CONSENT,
} from '../../functions/shared/domain/consent.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { customerKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aChangeOfConsent } from '../support/consents.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';

const LATER = secondsAfterNoon(1_000);
let customers = 0;

const aNewCustomer = (): CustomerKey => {
  customers += 1;
  return CustomerKey.parse(`+1650${String(6_550_000 + customers)}`);
};

const record = (table: TestTable, customer: CustomerKey, change: ConsentChange) =>
  table.store.recordConsent({ channel: CHANNEL, customer, change, now: LATER });

const stateOf = ({ state, effectiveAt }: Consent) => ({ state, effectiveAt });

const endOf = async (table: TestTable, customer: CustomerKey) => {
  const { consent, marketing, consentVersion, history } = await table.store.readConsent(CHANNEL, customer);
  return {
    all: stateOf(consent ?? UNKNOWN_CONSENT),
    marketing: stateOf(marketing ?? UNKNOWN_CONSENT),
    consentVersion,
    history: history.map(({ id }) => id).sort(),
  };
};

/** What the domain makes of the changes, one after the other. */
const wanted = (changes: readonly ConsentChange[], scope: ConsentChange['scope']) =>
  stateOf(
    changes
      .filter((change) => change.scope === scope)
      .reduce<Consent>((stored, change) => (supersedes(change, stored) ? change : stored), UNKNOWN_CONSENT),
  );

const changes = fc
  .array(
    fc.record({
      state: fc.constantFrom('opted_in' as const, 'opted_out' as const),
      second: fc.integer({ min: 0, max: 1 }),
      scope: fc.constantFrom('all' as const, 'marketing' as const),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((delivery) =>
    delivery.map(({ state, second, scope }, index) =>
      aChangeOfConsent(state, second, { scope, id: `change-${index}` }),
    ),
  );

describe('the same changes of consent', () => {
  it('lead to the same consent and history in any order, any number of times', async () => {
    const table = aTableInMemory();
    const delivery = changes.chain((made) =>
      fc.record({
        made: fc.constant(made),
        delivered: fc
          .array(fc.constantFrom(...made), { maxLength: 4 })
          .chain((again) => fc.shuffledSubarray([...made, ...again], { minLength: made.length + again.length })),
      }),
    );
    await fc.assert(
      fc.asyncProperty(delivery, async ({ made, delivered }) => {
        const customer = aNewCustomer();
        let applied = 0;
        for (const change of delivered) if ((await record(table, customer, change)).kind === 'applied') applied += 1;

        expect(await endOf(table, customer)).toEqual({
          all: wanted(made, 'all'),
          marketing: wanted(made, 'marketing'),
          consentVersion: applied,
          history: made.map(({ id }) => id).sort(),
        });
      }),
      { numRuns: 200 },
    );
  });

  it('lead to the same consent and history when all of them arrive at once', async () => {
    const table = aTableInMemory();
    await fc.assert(
      fc.asyncProperty(changes, async (made) => {
        const customer = aNewCustomer();

        await Promise.all([...made, ...made].map((change) => record(table, customer, change)));

        expect(await endOf(table, customer)).toMatchObject({
          all: wanted(made, 'all'),
          marketing: wanted(made, 'marketing'),
          history: made.map(({ id }) => id).sort(),
        });
      }),
      { numRuns: 15 },
    );
  });
});

/** Ways in which a change meets the table; each is prepared with what came before. */
const SITUATIONS = {
  // Its record is created beside the history, so that a customer who is erased in between is not restored.
  'the first change of a customer': { before: [], change: aChangeOfConsent('opted_out'), steps: 3 },
  'a newer change': { before: [aChangeOfConsent('opted_in', -60)], change: aChangeOfConsent('opted_out'), steps: 2 },
  'an older change': { before: [aChangeOfConsent('opted_in', 60)], change: aChangeOfConsent('opted_out'), steps: 2 },
  'a tie': { before: [aChangeOfConsent('opted_in')], change: aChangeOfConsent('opted_out'), steps: 2 },
} as const;

describe('a crash between any two steps', () => {
  it.each(Object.entries(SITUATIONS))('is healed by telling it again: %s', async (_, { before, change, steps }) => {
    const table = aTableInMemory();
    const prepared = async () => {
      const customer = aNewCustomer();
      for (const earlier of before) await record(table, customer, earlier);
      table.wire.reset();
      return customer;
    };
    const untouched = await prepared();
    await record(table, untouched, change);
    const { length } = table.wire.commands;
    const end = await endOf(table, untouched);
    expect(length).toBe(steps);
    expect(end.all).toEqual(wanted([...before, change], 'all'));

    for (let step = 0; step < steps; step += 1)
      for (const when of ['before', 'after'] as const) {
        const customer = await prepared();
        table.wire.failAt(step, when);

        await expect(record(table, customer, change)).rejects.toThrow('connection lost');
        await record(table, customer, change);

        expect(await endOf(table, customer), `step ${step} failed ${when}`).toEqual(end);
      }
  });

  it('of a keyword leaves no moment at which the window is open and the opt-out unknown', async () => {
    const table = aTableInMemory();
    const stopOf = (customer: CustomerKey) => {
      const arrival = anArrival({ identities: { phone: customer }, id: 'wamid.stop' });
      return { ...arrival, consent: aChangeOfConsent('opted_out', 0, { id: 'wamid.stop' }) };
    };
    const untouched = aNewCustomer();
    await table.store.recordInbound(stopOf(untouched));
    const { length: steps } = table.wire.commands;
    const end = await endOf(table, untouched);

    for (let step = 0; step < steps; step += 1)
      for (const when of ['before', 'after'] as const) {
        const customer = aNewCustomer();
        table.wire.reset();
        table.wire.failAt(step, when);

        await expect(table.store.recordInbound(stopOf(customer))).rejects.toThrow('connection lost');
        const [session, known] = [
          await table.read(sessionKey(CHANNEL, customer)),
          await table.read(customerKey(CHANNEL, customer)),
        ];
        if (session !== undefined) expect(known).toMatchObject({ consent: { state: 'opted_out' } });
        await table.store.recordInbound(stopOf(customer));

        expect(await endOf(table, customer), `step ${step} failed ${when}`).toEqual(end);
        expect(await table.read(sessionKey(CHANNEL, customer))).toMatchObject({ lastInboundAt: NOON_SECONDS });
        expect((await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages).toHaveLength(1);
      }
  });
});
