import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { aClaim, aClaimOfSlot } from '../../support/claims.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';

const BOT = { ...TEXT, as: 'bot' };
const PERSON = { ...TEXT, as: 'person' };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
});
afterEach(() => setting.close());

const take = (body: object) => setting.service.take('support', CUSTOMER, body);
const release = (body: object) => setting.service.release('support', CUSTOMER, body);
const owner = async () => (await setting.service.session('support', CUSTOMER)).body['owner'];
const agentHolds = (atMs = NOON.getTime()) =>
  setting.table.store.reportOwner({ channel: 'support', customer: CUSTOMER, kind: 'meta_agent', atMs, now: NOON });

describe('a conversation that a person holds', () => {
  it('is closed to bots: they get the reason before the provider is called, and may send after its release', async () => {
    expect(await take({ as: 'person' })).toMatchObject({ status: 200, body: { owner: { kind: 'person' } } });

    const refusal = {
      status: 409,
      body: { code: 'owned_by_human', nextAction: 'wait', session: { owner: { kind: 'person' } } },
    };
    expect(await setting.service.send(BOT)).toMatchObject(refusal);
    expect(await setting.service.check(BOT)).toMatchObject({ body: { allowed: false, code: 'owned_by_human' } });
    expect(setting.provider.calls).toEqual([]);
    expect(await setting.service.send(PERSON)).toMatchObject({ status: 201 });
    expect(await setting.service.send(TEXT)).toMatchObject({ status: 201 });

    expect(await release({ as: 'person' })).toMatchObject({ status: 200, body: { owner: null } });
    expect(await setting.service.send(BOT)).toMatchObject({ status: 201 });
  });

  it('stays theirs after the session, until the moment that they gave', async () => {
    const until = secondsAfterNoon(2 * 86_400).toISOString();
    await take({ as: 'person', until });
    setting.service.setNow(secondsAfterNoon(2 * 86_400 - 1));
    expect(await owner()).toMatchObject({ kind: 'person', until });

    setting.service.setNow(secondsAfterNoon(2 * 86_400));
    expect(await owner()).toBeNull();
    expect(await take({ as: 'person', until })).toMatchObject({ status: 400, body: { errors: [{ path: 'until' }] } });
  });

  it('wins over a bot whose send was decided before: nothing is sent', async () => {
    const { store } = setting.table;
    const state = await store.loadSendState({ channel: 'support', customer: CUSTOMER, templates: [] });
    await take({ as: 'person' });
    const claim = (as: 'bot' | 'person') => store.claimSend(aClaim({ state, as }));

    expect(await claim('bot')).toEqual({ kind: 'changed' });
    expect(await claim('person')).toMatchObject({ kind: 'claimed' });
  });

  it('refuses a bot the template that would use the slot too', async () => {
    await setting.consent('opted_in');
    const { store } = setting.table;
    setting.service.setNow(secondsAfterNoon(2 * 86_400));
    const now = secondsAfterNoon(2 * 86_400);
    const state = await store.loadSendState({ channel: 'support', customer: CUSTOMER, templates: [] });
    await take({ as: 'person' });

    const claimed = await store.claimSend(aClaimOfSlot({ state, now, as: 'bot' }));

    expect(claimed).toEqual({ kind: 'changed' });
  });
});

describe('a conversation is taken', () => {
  it('from the owner that the caller saw, and from no other', async () => {
    const first = await take({ as: 'bot' });
    const seen = first.body['owner'] as { kind: string; since: string };

    const refused = await take({ as: 'person' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'owner_changed', nextAction: 'fix_request', session: { owner: seen } },
    });
    expect(refused.body['detail']).toContain('A bot holds the conversation');
    expect(
      await take({ as: 'person', seen: { ...seen, since: NOON.toISOString().replace('00.000', '01.000') } }),
    ).toMatchObject({
      status: 409,
    });
    expect(await take({ as: 'person', seen })).toMatchObject({ status: 200, body: { owner: { kind: 'person' } } });
    expect(await take({ as: 'bot', seen })).toMatchObject({ status: 409, body: { nextAction: 'wait' } });
  });

  it('by one of several callers who saw the same', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => take({ as: 'person' })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
  });

  it('from no one any more, where the hold that was seen has ended', async () => {
    const { body } = await take({ as: 'bot' });
    setting.service.setNow(secondsAfterNoon(86_400));

    expect(await take({ as: 'person', seen: body['owner'] })).toMatchObject({
      status: 409,
      body: { code: 'owner_changed', session: { owner: null } },
    });
  });

  it('by a bot only in a session, and with it it ends', async () => {
    expect(await take({ as: 'bot' })).toMatchObject({
      body: { owner: { until: secondsAfterNoon(86_400).toISOString() } },
    });
    setting.service.setNow(secondsAfterNoon(86_400));

    expect(await owner()).toBeNull();
    expect(await take({ as: 'bot' })).toMatchObject({
      status: 409,
      body: { code: 'window_closed', nextAction: 'wait_for_customer' },
    });
  });

  it('by a person before the customer has ever written', async () => {
    expect(await setting.service.take('support', '+15559876543', { as: 'person' })).toMatchObject({
      status: 200,
      body: { state: 'closed', owner: { kind: 'person' } },
    });
  });

  it.each([
    [{}, 'as'],
    [{ as: 'meta_agent' }, 'as'],
    [{ as: 'person', seen: { kind: 'bot' } }, 'seen.since'],
    [{ as: 'person', until: 'tomorrow' }, 'until'],
  ])('is refused with the path of a mistake: %j', async (body, path) => {
    expect(await take(body)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });
});

describe('a conversation is released', () => {
  it('by its owner’s kind, again and again', async () => {
    await take({ as: 'bot' });

    for (let times = 0; times < 2; times += 1)
      expect(await release({ as: 'bot' })).toMatchObject({ status: 200, body: { owner: null } });
  });

  it('of another owner only where the caller saw that one', async () => {
    const { body } = await take({ as: 'person' });

    expect(await release({ as: 'bot' })).toMatchObject({
      status: 409,
      body: { code: 'owner_changed', nextAction: 'wait' },
    });
    expect(await release({ as: 'bot', seen: body['owner'] })).toMatchObject({ status: 200, body: { owner: null } });
  });
});

describe('a conversation that the Business Agent of Meta holds', () => {
  it('is taken over by a session message, in the name of who sends it', async () => {
    await agentHolds();
    expect(await owner()).toMatchObject({ kind: 'meta_agent' });
    expect(await setting.service.send(BOT)).toMatchObject({ status: 201 });
    expect(await owner()).toMatchObject({ kind: 'bot' });

    await agentHolds(NOON.getTime() + 60_000);
    await setting.service.send(TEXT);
    expect(await owner()).toBeNull();
  });

  it('stays its own where nothing was sent', async () => {
    await agentHolds();
    setting.answer({ status: 400, body: { error: { code: 131_026, message: 'x' } } });

    await setting.service.send(TEXT);

    expect(await owner()).toMatchObject({ kind: 'meta_agent' });
  });

  it('costs a send no request where no one holds it', async () => {
    setting.table.wire.reset();
    await setting.service.send(BOT);

    expect(setting.table.wire.commands).toEqual(['BatchGetItem', 'TransactWriteItems', 'UpdateItem']);
  });
});

describe('an account that shares its conversations with the Business Agent', () => {
  const actions = () =>
    setting.provider.calls.flatMap(({ path, body }) =>
      path.endsWith('/thread_control') ? [(body as { action: string }).action] : [],
    );

  beforeEach(async () => {
    await setting.close();
    setting = await anOutboundSetting(dynamoDbEndpoint(), { usesThreadControl: true });
    await setting.table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
    setting.answer({ body: { messaging_product: 'whatsapp' } });
  });

  it('takes a conversation from the agent at Meta too, and hands it back with the release', async () => {
    await agentHolds();
    expect(await take({ as: 'person', seen: await owner() })).toMatchObject({ status: 200 });
    expect(await release({ as: 'person' })).toMatchObject({ status: 200, body: { owner: null } });

    expect(actions()).toEqual(['take', 'release']);
  });

  it('asks nothing of Meta where the agent does not hold it, and nothing twice', async () => {
    await take({ as: 'person' });
    await release({ as: 'person' });
    await release({ as: 'person' });

    expect(actions()).toEqual(['release']);
  });

  it.each([
    [{ status: 400, body: { error: { code: 2_494_191, message: 'x' } } }, 502, 'provider_rejected'],
    [{ status: 500, body: {} }, 503, 'provider_unavailable'],
  ])('leaves it with the agent where Meta does: %j', async (scripted, status, code) => {
    await agentHolds();
    setting.answer(scripted);

    const answer = await take({ as: 'person', seen: await owner() });

    expect(answer).toMatchObject({ status, body: { code, detail: expect.stringContaining('takes it over') } });
    expect(await owner()).toMatchObject({ kind: 'meta_agent' });
  });

  it('releases also what is not its own at Meta, and nothing while Meta does not answer', async () => {
    await take({ as: 'person' });
    setting.answer({ status: 500, body: {} });
    expect(await release({ as: 'person' })).toMatchObject({ status: 503 });
    expect(await owner()).toMatchObject({ kind: 'person' });

    setting.answer({ status: 400, body: { error: { code: 100, message: 'x' } } });
    expect(await release({ as: 'person' })).toMatchObject({ status: 200, body: { owner: null } });
  });
});
