import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { ServiceEvent } from '../../functions/shared/domain/events.ts';
import {
  CRM,
  number,
  OF_ONE,
  OF_TWO,
  play,
  type Report,
  type Step,
  stepsOf,
  U1,
  U2,
  user,
  W1,
  W2,
} from '../support/played-links.ts';

const sessionIdOf = ({ detail }: ServiceEvent): string | undefined =>
  'sessionId' in detail ? detail.sessionId : undefined;

const idOf = ({ type, identity }: ServiceEvent): string => `${type} ${identity.join()}`;

const expectWholeSessions = (events: readonly ServiceEvent[]) => {
  const ofSessions = events.filter(({ type }) => type.startsWith('session.'));
  for (const id of new Set(ofSessions.map(sessionIdOf))) {
    const types = ofSessions.filter((event) => sessionIdOf(event) === id).map(({ type }) => type);
    expect([id, types.filter((type) => type === 'session.opened').length]).toEqual([id, 1]);
    expect([id, types.filter((type) => type === 'session.closed').length]).toEqual([id, 1]);
    expect(types[0]).toBe('session.opened');
    expect(types.at(-1)).toBe('session.closed');
  }
};

const closedAs = (events: readonly ServiceEvent[], reason: string) =>
  events.flatMap((event) => (event.type === 'session.closed' && event.detail.data.reason === reason ? [event] : []));

describe('the sessions of a person whose names are linked one after the other', () => {
  it('open once and close once; one that is merged closes without closing, into the one that goes on', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf([W1, CRM, U1], OF_ONE), async (steps) => {
        const played = await play(steps);
        const all = played.flatMap(({ events }) => events);
        expectWholeSessions(all);
        expect(new Set(all.map(idOf)).size).toBe(all.length);

        const survivors = closedAs(all, 'expired').map(sessionIdOf);
        for (const { act, events } of played) {
          const merged = closedAs(events, 'merged');
          if (act.kind !== 'link') expect(merged).toEqual([]);
          for (const event of merged) {
            expect(events.filter((one) => sessionIdOf(one) === sessionIdOf(event))).toEqual([event]);
            expect([...survivors, ...closedAs(all, 'merged').map(sessionIdOf)]).toContain(event.detail.data.mergedInto);
          }
        }
      }),
    );
  });

  it('are followed by one customer.identified for each name that leads elsewhere from then on', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf([W1, CRM, U1], OF_ONE), async (steps) => {
        const identified = new Map<string, string>();
        for (const { events } of await play(steps))
          for (const { type, detail } of events)
            if (type === 'customer.identified') {
              expect([...identified.keys()]).not.toContain(detail.data.name);
              identified.set(detail.data.name, detail.customer);
            }
        const isLinked = (name: string) =>
          steps.some(([act]) => act.kind === 'link' && act.report.names.some((one) => one.name === name));
        const follow = (name: string): string => (identified.has(name) ? follow(identified.get(name) ?? '') : name);
        const linked = [W1, CRM, U1].filter(isLinked);
        for (const [act] of steps)
          if (act.kind === 'link') expect(new Set(act.report.names.map(({ name }) => follow(name))).size).toBe(1);
        expect(identified.size).toBe(linked.length === 0 ? 0 : linked.length - 1);
      }),
    );
  });
});

describe('the sessions of people whose names change owners', () => {
  it('open once and close once, wherever they go on', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf([W1, W2, CRM, U1, U2], OF_TWO), async (steps) => {
        const played = await play(steps);
        expectWholeSessions(played.flatMap(({ events }) => events));
        // What the stream publishes of a tombstone can be made anew from it.
        for (const change of played.flatMap(({ changes }) => changes))
          if (change.kind === 'merge') expect(change.tombstone.isRenewed !== true).toBe(change.isNew);
      }),
    );
  });

  it('go on under the user id where the number that they were stored under becomes a spelling of another customer’s', async () => {
    const spelled = { name: CRM, kind: 'number' } as const;
    const reports: readonly Report[] = [
      { names: [number(W1), user(U2)] },
      { names: [spelled, user(U1)] },
      { names: [spelled, number(W1)] },
    ];
    const links = reports.map((report): Step => [{ kind: 'link', report }, 1]);
    const events = (await play([[{ kind: 'message', name: CRM }, 1], ...links])).flatMap((played) => played.events);

    expectWholeSessions(events);
    expect(closedAs(events, 'expired').map(({ detail }) => detail.customer)).toEqual([U1]);
  });

  it('have consumers who follow customer.identified alone know whom each name leads to', async () => {
    await fc.assert(
      fc.asyncProperty(stepsOf([W1, W2, CRM, U1, U2], OF_TWO), async (steps) => {
        const known = new Map<string, string>();
        const truth = new Map<CustomerKey, CustomerKey>();
        for (const { events, led } of await play(steps)) {
          for (const { type, detail } of events)
            if (type === 'customer.identified') for (const name of detail.data.names) known.set(name, detail.customer);
          for (const [name, to] of led) truth.set(name, to);
          for (const [name, to] of truth) expect([name, known.get(name) ?? name]).toEqual([name, to]);
        }
      }),
    );
  });
});
