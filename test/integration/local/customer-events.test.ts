import { describe, expect, it } from 'vitest';
import { type Answer, aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const USER_ID = 'US.13491208655302741918';
const DAY = 86_400;
const HOUR = 3_600;

interface Shown {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly id: string; readonly customer: string; readonly data: Record<string, unknown> };
}

const eventsOf = ({ body }: Answer): readonly Shown[] => body.events;

const aStory = async () => {
  const service = await aLocalService();
  const { call, clock } = service;
  const path = `/v1/channels/support/customers/${CUSTOMER}/events`;
  return {
    ...service,
    /** What was published since the start, in the form in which an endpoint receives it. */
    published: async (): Promise<readonly Shown[]> =>
      (await call('GET', '/_local/events')).body.events
        .filter(({ detail }: { detail: { customer?: string } }) => detail.customer !== undefined)
        .map((event: Record<string, Shown['data']>) => ({
          type: event['detail-type'],
          timestamp: event['time'],
          data: event['detail'],
        })),
    remade: async (limit: number) => {
      const pages = [await call('GET', `${path}?limit=${limit}`)];
      for (let next = pages[0]?.body.next; next !== undefined; next = pages.at(-1)?.body.next)
        pages.push(await call('GET', `${path}?limit=${limit}&cursor=${next}`));
      return pages;
    },
    ask: (query: string, customer = CUSTOMER, channel = 'support') =>
      call('GET', `/v1/channels/${channel}/customers/${customer}/events${query}`),
    consent: (state: string) =>
      call('PUT', `/v1/channels/support/customers/${CUSTOMER}/consent`, {
        body: { state, source: 'website', actor: 'customer' },
      }),
    passes: async (seconds: number) => {
      await clock({ advanceSeconds: seconds });
      await call('POST', '/_local/sweep');
    },
  };
};

const byId = (events: readonly Shown[]) =>
  [...new Map(events.map((event) => [event.data.id, event])).values()].toSorted((one, other) =>
    one.data.id < other.data.id ? -1 : 1,
  );

describe('the events of a customer', () => {
  it('are made anew as they were published, with the same ids, on pages of any size', async () => {
    const { write, send, report, consent, passes, published, remade, call } = await aStory();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    const { id } = (await send('support', CUSTOMER)).body;
    await report({ id, status: 'read' });
    await consent('opted_in');
    await passes(DAY - HOUR);
    await passes(HOUR);
    await call('POST', '/v1/messages', {
      body: { channel: 'support', to: CUSTOMER, content: { type: 'template', name: 'hello_again', language: 'en_US' } },
    });
    await write({ channel: 'support', userId: USER_ID, text: 'It is me' });
    await passes(60);
    await write({ channel: 'support', from: CUSTOMER, userId: USER_ID, text: 'By number' });
    await write({ channel: 'support', from: CUSTOMER, userId: USER_ID, text: 'STOP' });
    await passes(DAY);

    const all = await published();
    const [small, whole] = [await remade(1), await remade(100)];

    const shown = byId(small.flatMap(eventsOf));
    const isLost = ({ type, data }: Shown) => type === 'consent.changed' && data.data['state'] === 'opted_in';
    expect(shown).toEqual(byId(all.filter((event) => !isLost(event))));
    expect(new Set(shown.map(({ type }) => type))).toEqual(
      new Set([
        'message.received',
        'message.status',
        'session.opened',
        'session.closing',
        'session.closed',
        'consent.changed',
        'customer.identified',
      ]),
    );
    expect(small.length).toBeGreaterThan(3);
    expect(small.flatMap(eventsOf)).toHaveLength(shown.length);
    expect(whole).toHaveLength(1);
    expect(byId(whole.flatMap(eventsOf))).toEqual(shown);
    const times = whole.flatMap(eventsOf).map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it('are none of a customer who is unknown, or of a channel that the caller does not reach', async () => {
    const { ask } = await aStory();

    expect(await ask('')).toMatchObject({ status: 200, body: { customer: CUSTOMER, events: [] } });
    expect(await ask('', CUSTOMER, 'nowhere')).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
    expect(await ask('?limit=0')).toMatchObject({ status: 400, body: { errors: [{ path: 'limit' }] } });
    expect(await ask('?cursor=x')).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
    expect(await ask('', 'not a customer')).toMatchObject({ status: 400, body: { errors: [{ path: 'customer' }] } });
  });
});

describe('the export of a customer', () => {
  it('holds names, consent with its history, sessions and the thread, page by page, and nothing after an erasure', async () => {
    const { write, send, consent, passes, call } = await aStory();
    const path = (name: string, query = '') => `/v1/channels/support/customers/${name}/export${query}`;
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await send('support', CUSTOMER);
    await consent('opted_in');
    await passes(DAY);
    await write({ channel: 'support', from: CUSTOMER, userId: USER_ID, text: 'STOP' });
    await call('GET', '/v1/channels/support/usage');

    const first = await call('GET', path(USER_ID, '?limit=2'));
    const second = await call('GET', path(CUSTOMER, `?limit=2&cursor=${first.body.next}`));

    const names = [{ name: CUSTOMER }, { name: USER_ID }];
    expect(first).toMatchObject({
      status: 200,
      body: {
        person: { channel: 'support', customer: CUSTOMER, names, session: { state: 'open' } },
        consent: { state: 'opted_out', history: [{ state: 'opted_out' }, { state: 'opted_in', source: 'website' }] },
        sessions: [{ reason: 'expired' }],
        messages: [{ content: { text: 'STOP' } }, { direction: 'outbound' }],
      },
    });
    expect(second).toMatchObject({ status: 200, body: { messages: [{ content: { text: 'Hello' } }] } });
    expect(second.body).not.toHaveProperty('next');
    expect(second.body.sessions).toEqual(first.body.sessions);

    await call('DELETE', `/v1/channels/support/customers/${CUSTOMER}`);
    const empty = { person: { session: { state: 'closed' } }, consent: { history: [] }, sessions: [], messages: [] };
    expect(await call('GET', path(CUSTOMER))).toMatchObject({ status: 200, body: empty });
    expect(await call('GET', `/v1/channels/nowhere/customers/${CUSTOMER}/export`)).toMatchObject({ status: 404 });
    expect(await call('GET', path(CUSTOMER, '?cursor=x'))).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'cursor' }] },
    });
  });
});
