import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Config } from '../../../functions/shared/domain/config.ts';
import { anArrival, CUSTOMER, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aMetaAccount, aMetaChannel } from '../../support/meta.ts';
import { aProviderServer, type ProviderServer, type Scripted } from '../../support/provider-server.ts';
import { aService, type TestService } from '../../support/service.ts';
import { aSinchAccount, aSinchChannel } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const CONTENT = { type: 'text', text: 'On its way.' };

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
let script: () => Scripted;
let clock = secondsAfterNoon(0);

const at = (second: number) => {
  clock = secondsAfterNoon(second);
  service.setNow(clock);
};

/** The claim of the next send takes so many seconds. */
const claimTakes = (seconds: number) => {
  let slow = true;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (slow && context['commandName'] === 'TransactWriteItemsCommand') {
        slow = false;
        service.setNow(new Date(clock.getTime() + seconds * 1000));
      }
      return result;
    },
    { step: 'initialize', name: `slow claim of ${seconds}` },
  );
};

const sends = () => provider.calls.filter(({ path }) => path.includes('messages'));
const ttl = () => (sends().at(-1)?.body as { ttl?: string } | undefined)?.ttl;

beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  script = () => ({ body: { messages: [{ id: 'wamid.1' }], message_id: 'sinch.1' } });
  provider = await aProviderServer(({ path }) =>
    path.endsWith('/token') ? { body: { access_token: 'token', expires_in: 3_600 } } : script(),
  );
  const { url } = provider;
  const margin = { sendMarginSeconds: 5 };
  service = aService(
    table,
    Config.parse({
      accounts: [aMetaAccount({ baseUrl: url }), aSinchAccount({ baseUrl: url, authUrl: `${url}/oauth2/token` })],
      channels: [aMetaChannel(margin), aSinchChannel(margin)],
    }),
  );
  for (const channel of ['support', 'support-sinch'])
    await table.store.recordInbound(anArrival({ channel, id: `in.${channel}` }));
});
afterEach(() => provider.close());

describe('a claim that takes seconds of the window', () => {
  it('margin: leaves Sinch a time-to-live of what remains', async () => {
    at(DAY - 40);
    claimTakes(8);

    expect(await service.send({ channel: 'support-sinch', to: CUSTOMER, content: CONTENT })).toMatchObject({
      status: 201,
    });
    expect(ttl()).toBe('32s');
  });

  it.each([
    ['support', 6, 6],
    ['support', 6, 9],
    ['support-sinch', 6, 4],
    ['support-sinch', 6, 7],
  ])('margin: on %s, with %i s left and a claim of %i s, sends nothing', async (channel, left, takes) => {
    const send = () => service.send({ channel, to: CUSTOMER, content: CONTENT }, 'order-7');
    at(DAY - left);
    claimTakes(takes);

    const refused = await send();

    expect(refused).toMatchObject({ status: 409, body: { code: 'window_closed' } });
    expect(sends()).toHaveLength(0);
    expect(service.log.counts).toMatchObject({ SendsRefused: 1 });

    const again = secondsAfterNoon(DAY + 60);
    await table.store.recordInbound(anArrival({ channel, id: `again.${channel}`, at: again }));
    service.setNow(again);
    expect(await send()).toMatchObject({ status: 201, body: { id: refused.body['id'] } });
    expect(sends()).toHaveLength(1);
  });

  it('margin: sends with a second left, where no time-to-live is needed', async () => {
    at(DAY - 6);
    claimTakes(5);

    expect(await service.send({ channel: 'support', to: CUSTOMER, content: CONTENT })).toMatchObject({ status: 201 });
  });

  it('does not stop a template, which needs no open window', async () => {
    await register(table, aTemplate());
    at(DAY - 2);
    claimTakes(5);

    expect(await service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent() })).toMatchObject({
      status: 201,
      body: { sentAs: 'template' },
    });
  });

  it('is not answered by the fallback template, which a repeat under the same key sends', async () => {
    await register(table, aTemplate());
    const change = { id: 'c', scope: 'all', state: 'opted_in', source: 'web', actor: 'test', effectiveAt: 0 } as const;
    await table.store.recordConsent({ channel: 'support', customer: CUSTOMER, now: clock, change });
    const send = () =>
      service.send({ channel: 'support', to: CUSTOMER, content: CONTENT, fallbackTemplate: aTemplateContent() }, 'k');
    at(DAY - 6);
    claimTakes(7);

    expect(await send()).toMatchObject({ status: 409, body: { code: 'window_closed', nextAction: 'send_template' } });
    expect(await send()).toMatchObject({ status: 201, body: { sentAs: 'template', usedFallback: true } });
    expect(sends()).toHaveLength(1);
  });
});

describe('a further attempt', () => {
  it('is not made once the window has ended', async () => {
    at(DAY - 8);
    script = () => {
      service.setNow(secondsAfterNoon(DAY + 1));
      return { status: 503, body: { error: { code: 131016, message: 'down' } } };
    };

    expect(await service.send({ channel: 'support', to: CUSTOMER, content: CONTENT })).toMatchObject({
      status: 409,
      body: { code: 'window_closed' },
    });
    expect(sends()).toHaveLength(1);
  });
});
