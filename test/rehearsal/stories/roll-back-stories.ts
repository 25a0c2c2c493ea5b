import { deepStrictEqual, ok } from 'node:assert';
import { sendAndRefusal, webhookToDelivery } from './first-stories.ts';
import { optOut, readTemplates, twoNames, windowEnds } from './session-stories.ts';
import { aText, expectAnswer, type Story, write } from './story.ts';

const CUSTOMER = '+15551230040';
const OPTED_OUT = '+15551230041';
const path = { channel: 'orders', customer: CUSTOMER };
const SESSION = 'GET /v1/channels/{channel}/customers/{customer}/session';
const THREAD = 'GET /v1/channels/{channel}/customers/{customer}/messages';

const leaveState: Story = {
  name: 'customers with an open window, a message to them, and an opt-out',
  play: async (rehearsal) => {
    await write(rehearsal, { channel: 'orders', from: CUSTOMER, userId: 'US.4713', text: 'Before the roll-back' });
    expectAnswer(await rehearsal.call('POST /v1/messages', { body: aText('orders', CUSTOMER) }), 201);
    await write(rehearsal, { channel: 'orders', from: OPTED_OUT, text: 'Stop' });
    await rehearsal.settle();
  },
};

/** The stored state is read, changed and closed by the other release. */
const goOn: Story = {
  name: 'what the other release has stored is read and goes on',
  play: async (rehearsal) => {
    const { call, runSchedule, settle } = rehearsal;
    const before = expectAnswer(await call(SESSION, { path }), 200).body;
    ok(JSON.stringify(expectAnswer(await call(THREAD, { path }), 200).body).includes('Before the roll-back'));
    await write(rehearsal, { channel: 'orders', from: CUSTOMER });
    const after = expectAnswer(await call(SESSION, { path }), 200).body;
    deepStrictEqual([before['state'], after['state'], after['openedAt']], ['open', 'open', before['openedAt']]);
    expectAnswer(await call('POST /v1/messages', { body: aText('orders', CUSTOMER) }), 201);
    expectAnswer(await call('POST /v1/messages', { body: aText('orders', OPTED_OUT) }), 409, 'opted_out');
    expectAnswer(await call('GET /v1/channels/{channel}/usage', { path: { channel: 'orders' } }), 200);
    await runSchedule('WindowSweep');
    await settle();
  },
};

export const BEFORE_ROLL_BACK: readonly Story[] = [readTemplates, leaveState, windowEnds, optOut, twoNames];
export const AFTER_ROLL_BACK: readonly Story[] = [goOn, readTemplates, webhookToDelivery, sendAndRefusal];
export const AFTER_ROLL_FORWARD: readonly Story[] = [goOn, readTemplates];
