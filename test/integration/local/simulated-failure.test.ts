import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeFailure } from '../../simulation/failure-file.ts';
import { rowsOf } from '../../simulation/invariants.ts';
import { playHistories } from '../../simulation/many-histories.ts';
import type { World } from '../../simulation/world.ts';
import { aLocalService } from '../../support/local.ts';

/** A history that breaks a rule which does not exist: no one opts in on the website. */
const aFailure = async () => {
  const { failure } = await playHistories(1, 100, {
    rule: (world) => {
      const customer = rowsOf(world).find(({ sk, consent }) => sk === 'CUSTOMER' && consent !== undefined);
      const { source } = (customer?.['consent'] ?? {}) as { source?: string };
      return source === 'website' ? ['planted'] : [];
    },
  });
  if (failure === undefined) throw new Error('no history opts a customer in');
  return failure;
};

const aFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-simulation-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

it('is shrunk, and written to a file with which a local run shows its customer', async () => {
  const failure = await aFailure();
  const { state, history, report } = writeFailure(failure, { seed: '1' }, aFolder());
  const { call } = await aLocalService();

  const loaded = await call('PUT', '/_local/state', { body: readFileSync(state, 'utf8') });

  const event = failure.events.find(({ kind }) => kind === 'consent');
  if (event?.kind !== 'consent') throw new Error('no consent is left');
  const [channel, number] = [['support', 'support-sinch'][event.channel], `+491511234567${event.person + 1}`];
  const consent = await call('GET', `/v1/channels/${channel}/customers/${number}/consent`);
  expect(failure.events.length).toBeLessThanOrEqual(3);
  expect(loaded).toMatchObject({ status: 200, body: { now: failure.state.clock.now } });
  expect(consent.body).toMatchObject({ state: event.state, source: 'website' });
  expect(JSON.parse(readFileSync(history, 'utf8'))).toEqual({
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    options: { seed: '1' },
    seed: failure.seed,
    faults: ['planted'],
    events: failure.events,
  });
  expect(report[0]).toMatch(new RegExp(`^seed ${failure.seed} at [0-9a-f]{40}, options {"seed":"1"}: planted$`));
});

const openSessionOf = (world: World) =>
  rowsOf(world).find(({ phase, expiresAt }) => phase === 'open' && Number(expiresAt) * 1000 > world.now().getTime());

it('shows the window, the messages and the events that a history leaves', async () => {
  const { failure } = await playHistories(1, 100, {
    rule: (world) => (openSessionOf(world) !== undefined && world.published().length > 0 ? ['planted'] : []),
  });
  const session = failure?.state.table.find(({ phase }) => phase !== undefined && 'S' in phase && phase.S === 'open');
  const [, channel = '', customer = ''] = session?.pk.S.split('#') ?? [];
  const { call, session: show } = await aLocalService();
  await call('PUT', '/_local/state', { body: JSON.stringify(failure?.state) });

  const thread = await call('GET', `/v1/channels/${channel}/customers/${customer}/messages`);
  const name = customer.startsWith('+') ? 'from' : 'userId';
  const phone = await call('GET', `/_local/provider/phone?channel=${channel}&${name}=${encodeURIComponent(customer)}`);

  expect((await show(channel, customer)).body).toMatchObject({ state: 'open', customer });
  expect(thread.body.messages).toMatchObject([{ direction: 'inbound', content: { type: 'text' } }]);
  expect(phone.body).toMatchObject({ messages: [{ text: thread.body.messages[0].content.text }] });
  expect((await call('GET', '/_local/events')).body.events).toEqual(failure?.state.events);
});
