import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { toEntry } from '../../../functions/shared/events/to-entry.ts';
import { toEvents } from '../../../functions/shared/events/to-events.ts';
import { MessageItem } from '../../../functions/shared/store/items.ts';
import { NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aChange, aMessage, aNotification, aValue, signMeta, toBytes } from '../../support/meta.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const NOWHERE = 'http://127.0.0.1:9';
const TIMESTAMP = String(NOON.getTime() / 1000);
const USER = 'user.9373795779eb6441c8adb2eaee5b848e7dd174ddd302d7db62142f4722d574b6';

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig(NOWHERE));
});

const post = (body: Uint8Array | string) =>
  service.webhook('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers: { 'x-hub-signature-256': signMeta(body) },
    body,
  });
const notify = (contacts: readonly unknown[], ...messages: readonly unknown[]) =>
  post(toBytes(aNotification(aChange(aValue({ contacts, messages })))));
const threadOf = async (customer: string, query?: Record<string, string>) =>
  (await service.thread('support', customer, query)).body as { messages: Record<string, unknown>[]; next?: string };

/** The events of every stored message of the customer. */
const received = async () =>
  (await table.scan())
    .filter(({ direction }) => direction === 'inbound')
    .flatMap((item) => {
      const customer = CustomerKey.parse(String(item['pk']).split('#').slice(2).join('#'));
      const change = { kind: 'message', channel: 'support', customer, before: undefined } as const;
      return toEvents({ ...change, after: MessageItem.parse(item) }, 3_600).map((event) => toEntry(event).detail);
    });

describe('a sender of any form', () => {
  it('opaque-user-id: has a thread, a window and events', async () => {
    const contact = { profile: { name: 'S', username: '@s' }, wa_id: '', user_id: USER };
    const message = { from: '', from_user_id: USER, id: 'wamid.C1', timestamp: TIMESTAMP, type: 'text' };

    expect((await notify([contact], { ...message, text: { body: 'hi' } })).status).toBe(200);

    expect((await service.session('support', USER)).body).toMatchObject({ state: 'open', customer: USER });
    expect(await threadOf(USER)).toMatchObject({ messages: [{ content: { text: 'hi' }, username: '@s' }] });
    expect(await received()).toEqual([expect.stringContaining(`"customer":"${USER}"`)]);
  });

  it('opaque-user-id: of digits is not the customer with that number', async () => {
    const digits = '15551230314';
    await notify([], aMessage({ id: 'wamid.1', from: digits, from_user_id: undefined, timestamp: TIMESTAMP }));
    await notify([], aMessage({ id: 'wamid.2', from: '', from_user_id: digits, timestamp: TIMESTAMP }));

    expect((await threadOf(digits)).messages.map(({ id }) => id)).toEqual(['wamid.1']);
    expect((await threadOf(`~${digits}`)).messages.map(({ id }) => id)).toEqual(['wamid.2']);
  });
});

describe('what cannot be placed', () => {
  const noSender = { id: 'wamid.N1', timestamp: TIMESTAMP, type: 'text', text: { body: 'Is my order on its way?' } };
  const noId = { from: '4915112345678', timestamp: TIMESTAMP, type: 'text', text: { body: 'x' } };
  const unplaced = async () => (await table.scan()).filter(({ pk }) => String(pk).startsWith('UNPLACED#'));

  it('is kept for 30 days, counted, and logged by its id alone', async () => {
    expect((await notify([], noSender, noId, aMessage({ timestamp: TIMESTAMP }))).status).toBe(200);

    const kept = await unplaced();
    expect(kept.map(({ pk, channel, raw }) => ({ pk, channel, raw: JSON.parse(String(raw)) }))).toEqual(
      expect.arrayContaining(
        [noSender, noId].map((raw) => ({ pk: 'UNPLACED#shop-meta#2026-11-20', channel: 'support', raw })),
      ),
    );
    expect(kept.map(({ expiresAt }) => expiresAt)).toEqual(
      Array(2).fill(secondsAfterNoon(30 * 86_400).getTime() / 1000),
    );
    const lines = service.log.lines.filter(({ code }) => code === 'inbound-webhook.malformed');
    expect(lines.map(({ fields }) => (fields as { unplaced: string }).unplaced).toSorted()).toEqual(
      kept.map(({ sk }) => String(sk)).toSorted(),
    );
    expect(service.log.counts).toMatchObject({ ItemsMalformed: 2, ItemsUnplaced: 2, MessagesReceived: 1 });
  });

  it('is durable before the answer, and never loses the others', async () => {
    table.wire.failAt(0, 'before');
    const answer = await notify([], noSender, aMessage({ timestamp: TIMESTAMP }));
    table.wire.reset();

    expect(answer.status).toBe(500);
    expect((await notify([], noSender, aMessage({ timestamp: TIMESTAMP }))).status).toBe(200);
    expect(await unplaced()).toHaveLength(1);
    expect((await threadOf('4915112345678')).messages).toHaveLength(1);
  });

  it('is kept when the body is no JSON', async () => {
    expect((await post('{"object":')).status).toBe(200);
    expect(await unplaced()).toMatchObject([{ raw: '"{\\"object\\":"', reason: 'not JSON' }]);
  });
});

describe('ill-formed Unicode', () => {
  it('lone-surrogate-in: is well-formed in thread and event', async () => {
    const message = aMessage({ timestamp: TIMESTAMP, text: { body: 'in \ud83d' } });

    expect((await notify([{ profile: { name: 'A\udc00' }, wa_id: '4915112345678' }], message)).status).toBe(200);

    expect(await threadOf('4915112345678')).toMatchObject({
      messages: [{ content: { text: 'in \ufffd' }, profileName: 'A\ufffd' }],
    });
    expect(JSON.parse((await received())[0] ?? '')).toMatchObject({ data: { content: { text: 'in \ufffd' } } });
  });

  it('lone-surrogate-in: is none where a pair or a backslash is escaped', async () => {
    await notify([], aMessage({ timestamp: TIMESTAMP, text: { body: '👋 \\ud83d' } }));

    expect(await threadOf('4915112345678')).toMatchObject({ messages: [{ content: { text: '👋 \\ud83d' } }] });
  });

  it('lone-surrogate-out: is refused, naming the path', async () => {
    const content = { type: 'text', text: 'cut \ud83d' };
    const refused = await service.send({ channel: 'support', to: '+4915112345678', content });

    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'content.text' }] } });
  });

  it('is refused in a query', async () => {
    const event = { path: { channel: 'support', customer: USER }, query: { cursor: 'a\u0000' } };

    expect(await service.route('GET /v1/channels/{channel}/customers/{customer}/messages', event)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'cursor' }] },
    });
  });
});

describe('the details of a message', () => {
  it('forwarded: are in the thread and in the event', async () => {
    await notify([], aMessage({ timestamp: TIMESTAMP, context: { forwarded: true, frequently_forwarded: true } }));

    const flags = { forwarded: true, frequentlyForwarded: true };
    expect(await threadOf('4915112345678')).toMatchObject({ messages: [flags] });
    expect(JSON.parse((await received())[0] ?? '')).toMatchObject({ data: flags });
  });

  it('unsupported-with-error: keep the code and the title', async () => {
    const errors = [{ code: 131060, title: 'Message unavailable' }];
    await notify([], aMessage({ timestamp: TIMESTAMP, type: 'unsupported', text: undefined, errors }));

    const content = { type: 'unsupported', errors: [{ code: '131060', title: 'Message unavailable' }] };
    expect(await threadOf('4915112345678')).toMatchObject({ messages: [{ content }] });
    expect(JSON.parse((await received())[0] ?? '')).toMatchObject({ data: { content } });
  });
});

describe('messages of one second', () => {
  const ids = ['wamid.Z', 'wamid.A', 'wamid.M', 'wamid.B', 'wamid.Y', 'wamid.C', 'wamid.X', 'wamid.D'];
  const texts = (...some: readonly string[]) => some.map((id) => aMessage({ id, timestamp: TIMESTAMP }));

  it.each(['1', '2', '3', '5', '8', '100'])('keep the order of arrival in pages of %s', async (limit) => {
    await notify([], ...texts(...ids.slice(0, 3)));
    service.setNow(secondsAfterNoon(1));
    await notify(
      [],
      ...texts(...ids.slice(3)),
      aMessage({ id: 'wamid.before', timestamp: String(Number(TIMESTAMP) - 1) }),
    );
    service.setNow(secondsAfterNoon(2));
    await notify([], ...texts(...ids));

    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await threadOf('4915112345678', { limit, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.messages.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual([...ids.toReversed(), 'wamid.before']);
  });

  it('that arrive while a thread is read change no later page', async () => {
    await notify([], ...texts('wamid.B', 'wamid.A', 'wamid.C'));
    const first = await threadOf('4915112345678', { limit: '2' });
    service.setNow(secondsAfterNoon(1));
    await notify([], ...texts('wamid.0', 'wamid.Z'));

    const second = await threadOf('4915112345678', { limit: '2', cursor: first.next ?? '' });
    expect([first, second].map(({ messages }) => messages.map(({ id }) => id))).toEqual([
      ['wamid.C', 'wamid.A'],
      ['wamid.B'],
    ]);
  });
});
