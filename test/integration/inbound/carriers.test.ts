import { beforeEach, describe, expect, it } from 'vitest';
import { NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import {
  aChange,
  aMessage,
  aNotification,
  aValue,
  PHONE_NUMBER_ID,
  signMeta,
  toBytes,
  type Wire,
} from '../../support/meta.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const CUSTOMER = '+4915112345678';
const AT = NOON.getTime() / 1000;
const DAY = 86_400;

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig('http://127.0.0.1:9'));
});

const notify = (field: string, value: Wire) => {
  const body = toBytes(aNotification(aChange(value, field)));
  return service.webhook('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers: { 'x-hub-signature-256': signMeta(body) },
    body,
  });
};
const window = async () => (await service.session('support', CUSTOMER)).body;
const thread = async () =>
  ((await service.thread('support', CUSTOMER)).body as { messages: Record<string, unknown>[] }).messages;
const endOf = (seconds: number) => new Date((seconds + DAY) * 1000).toISOString();

const aCall = (overrides: Wire = {}): Wire => ({
  id: 'wacid.1',
  from: '4915112345678',
  to: '49301234567',
  event: 'connect',
  timestamp: String(AT),
  ...overrides,
});

describe('a call', () => {
  it('opens the window once, however often it is delivered, and its end is in the thread', async () => {
    const ended = aCall({ event: 'terminate', timestamp: String(AT + 50), duration: 48, status: 'COMPLETED' });
    service.setNow(secondsAfterNoon(60));
    for (const call of [aCall(), ended, aCall(), ended]) await notify('calls', aValue({ calls: [call] }));

    expect(await window()).toMatchObject({ state: 'open', expiresAt: endOf(AT) });
    expect(await thread()).toMatchObject([
      { id: 'wacid.1:terminate', content: { event: 'terminate', durationSeconds: 48, callId: 'wacid.1' } },
      { id: 'wacid.1', content: { event: 'connect', callId: 'wacid.1' } },
    ]);
    expect(service.log.counts).toMatchObject({ SessionsOpened: 1, MessagesReceived: 2, DuplicateMessages: 2 });
  });

  it('of the business opens the window when the customer accepts it, not when it rings', async () => {
    const status = (state: string, seconds: number) =>
      notify(
        'calls',
        aValue({
          statuses: [
            {
              id: 'wacid.2',
              type: 'call',
              status: state,
              timestamp: String(AT + seconds),
              recipient_id: '4915112345678',
            },
          ],
        }),
      );
    service.setNow(secondsAfterNoon(60));

    await status('RINGING', 1);
    expect(await window()).toMatchObject({ state: 'closed' });
    await status('ACCEPTED', 7);

    expect(await window()).toMatchObject({ state: 'open', expiresAt: endOf(AT + 7) });
  });
});

describe('an echo of the WhatsApp Business app', () => {
  const echo = {
    from: '49301234567',
    to: '4915112345678',
    id: 'wamid.ECHO1',
    timestamp: String(AT + 5),
    type: 'text',
    text: { body: 'I will call you.' },
  };

  it('is in the thread as written on the phone, once, and has no other effect', async () => {
    await notify('messages', aValue({ messages: [aMessage({ timestamp: String(AT), from_user_id: undefined })] }));
    const before = { window: await window(), items: (await table.scan()).length };
    for (let times = 0; times < 2; times += 1)
      expect(await notify('smb_message_echoes', aValue({ message_echoes: [echo] }))).toMatchObject({ status: 200 });

    expect(await window()).toEqual({ ...before.window, owner: expect.objectContaining({ kind: 'phone_app' }) });
    expect(await table.scan()).toHaveLength(before.items + 1);
    expect(await thread()).toMatchObject([
      {
        id: 'wamid.ECHO1',
        direction: 'outbound',
        author: 'phone_app',
        status: 'sent',
        content: { text: 'I will call you.' },
      },
      { direction: 'inbound' },
    ]);
    expect(service.log.counts).toMatchObject({ EchoesRecorded: 1 });
  });

  it('links the number and the user id that it names', async () => {
    const both = { ...echo, to_user_id: 'DE.4000000000000009' };
    await notify('smb_message_echoes', aValue({ message_echoes: [both] }));

    expect((await service.session('support', 'DE.4000000000000009')).body).toMatchObject({
      customer: CUSTOMER,
      state: 'closed',
    });
    expect(service.log.counts).toMatchObject({ NamesLinked: 1 });
  });

  it('opens no window for a customer who never wrote, and is erased with them', async () => {
    await notify('smb_message_echoes', aValue({ message_echoes: [echo] }));
    expect(await window()).toMatchObject({ state: 'closed', lastInboundAt: null });

    expect((await service.erase('support', CUSTOMER)).body).toMatchObject({ done: true, removed: { messages: 1 } });
    expect(await table.scan()).toEqual([]);
  });
});

describe('the Business Agent of Meta', () => {
  it('answers in standby: the customer’s messages open the window, its own are in the thread', async () => {
    const standby = {
      messages: [aMessage({ timestamp: String(AT) })],
      message_echoes: [
        {
          id: 'wamid.AGENT',
          timestamp: String(AT + 2),
          message: { to: '+4915112345678', type: 'text', text: { body: 'Hi' } },
        },
      ],
    };
    await notify('standby', aValue({ standby }));

    expect(await window()).toMatchObject({
      state: 'open',
      expiresAt: endOf(AT),
      owner: { kind: 'meta_agent', until: endOf(AT) },
    });
    expect(await thread()).toMatchObject([
      { id: 'wamid.AGENT', direction: 'outbound', author: 'meta_agent' },
      { id: 'wamid.FIXTURE1', direction: 'inbound' },
    ]);
  });

  it('holds the conversation no longer once Meta hands it over, whichever webhook comes first', async () => {
    const standby = { messages: [aMessage({ timestamp: String(AT) })] };
    const handover = (seconds: number, role: string) =>
      notify('messaging_handovers', {
        recipient: { phone_number_id: PHONE_NUMBER_ID },
        sender: { phone_number: '4915112345678' },
        timestamp: String(AT + seconds),
        type: 'control_passed',
        control_passed: { new_owner_role: role },
      });

    await notify('messages', aValue({ messages: [aMessage({ id: 'wamid.0', timestamp: String(AT - 60) })] }));
    await handover(10, 'escalation');
    await notify('standby', aValue({ standby }));
    expect(await window()).toMatchObject({ owner: null });

    await handover(20, 'ai_agent');
    expect(await window()).toMatchObject({ owner: { kind: 'meta_agent' } });
  });

  it('holds it no longer once the customer’s messages come to the app, and holds it again in standby', async () => {
    const write = (field: string, seconds: number) => {
      const messages = [aMessage({ id: `wamid.${seconds}`, timestamp: String(AT + seconds) })];
      return notify(field, aValue(field === 'standby' ? { standby: { messages } } : { messages }));
    };
    service.setNow(secondsAfterNoon(60));

    await write('standby', 0);
    await write('standby', 1);
    expect(await window()).toMatchObject({ owner: { kind: 'meta_agent', since: NOON.toISOString() } });
    await write('messages', 2);
    expect(await window()).toMatchObject({ owner: null });
    await write('standby', 3);
    expect(await window()).toMatchObject({ owner: { kind: 'meta_agent' } });
  });

  it('never ends the hold of a person', async () => {
    await notify('messages', aValue({ messages: [aMessage({ id: 'wamid.0', timestamp: String(AT - 60) })] }));
    await service.take('support', CUSTOMER, { as: 'person' });
    service.setNow(secondsAfterNoon(60));

    await notify('standby', aValue({ standby: { messages: [aMessage({ timestamp: String(AT + 60) })] } }));

    expect(await window()).toMatchObject({ owner: { kind: 'person' } });
  });

  it('hands over: what Meta wrote is kept in the thread', async () => {
    const value = {
      recipient: { phone_number_id: PHONE_NUMBER_ID },
      sender: { phone_number: '4915112345678' },
      timestamp: String(AT),
      type: 'control_passed',
      control_passed: { new_owner_role: 'escalation' },
    };
    await notify('messaging_handovers', value);

    expect(await thread()).toMatchObject([{ content: { type: 'handover', event: 'control_passed', details: value } }]);
    expect(await window()).toMatchObject({ state: 'closed' });
  });
});

describe('a group', () => {
  it('never touches the window, the consent or the entry point of a person in it', async () => {
    await notify('messages', aValue({ messages: [aMessage({ timestamp: String(AT) })] }));
    const before = await window();
    service.setNow(secondsAfterNoon(60));
    const inGroup = { group_id: 'G1', timestamp: String(AT + 30), referral: { source_type: 'ad', source_id: '1' } };

    await notify('messages', aValue({ messages: [aMessage({ id: 'wamid.G1', text: { body: 'STOP' }, ...inGroup })] }));
    await notify('standby', aValue({ standby: { messages: [aMessage({ id: 'wamid.G2', ...inGroup })] } }));
    service.setNow(NOON);

    expect(await window()).toEqual(before);
  });
});

describe('a customer who comes through an ad', () => {
  const fromAd = (id: string, seconds: number, source_id: string) =>
    aMessage({
      id,
      timestamp: String(AT + seconds),
      referral: { source_type: 'ad', source_id, headline: 'Chat with us' },
    });

  it('has the ad as the entry point of the window, the last one where there are several', async () => {
    const plain = aMessage({ id: 'wamid.B', timestamp: String(AT + 1) });
    service.setNow(secondsAfterNoon(60));

    await notify('messages', aValue({ messages: [fromAd('wamid.A', 0, '120'), plain] }));
    expect(await window()).toMatchObject({ entryPoint: { source: 'ad', id: '120', at: NOON.toISOString() } });

    await notify('messages', aValue({ messages: [fromAd('wamid.C', 2, '121')] }));
    expect(await window()).toMatchObject({ entryPoint: { source: 'ad', id: '121' } });
    expect(await thread()).toMatchObject([{ referral: { headline: 'Chat with us' } }, {}, {}]);
  });

  it('has none in the next session, and no permission from it after the end', async () => {
    await notify('messages', aValue({ messages: [fromAd('wamid.A', 0, '120')] }));
    service.setNow(secondsAfterNoon(DAY + 1));

    expect(
      await service.send({ channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'x' } }),
    ).toMatchObject({
      status: 409,
      body: { code: 'window_closed' },
    });

    await notify('messages', aValue({ messages: [aMessage({ id: 'wamid.B', timestamp: String(AT + DAY + 1) })] }));
    expect(await window()).toMatchObject({ state: 'open', entryPoint: null });
  });
});
