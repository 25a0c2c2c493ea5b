import { describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { aLocalService, callHttp } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const template = { type: 'template', name: 'hello_again', language: 'en_US' };

describe('held-template: the simulated Meta', () => {
  it.each([
    ['sent', undefined],
    ['failed', 132_015],
  ])('holds the next template until it is %s', async (status, code) => {
    const service = await aLocalService();
    await service.write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await service.fault({ provider: 'meta', kind: 'hold_template' });

    const held = await callHttp('POST', `${service.url}/v1/messages`, {
      body: JSON.stringify({ channel: 'support', to: CUSTOMER, content: template }),
    });
    expect(held).toMatchObject({ status: 201, body: { status: 'held' } });
    await callHttp('POST', `${service.url}/_local/provider/status`, {
      body: JSON.stringify({ id: held.body.id, status, ...(code === undefined ? {} : { code }) }),
    });

    expect((await service.message(held.body.id)).body).toMatchObject({
      status,
      statuses: [{ status: 'accepted' }, { status: 'held' }, { status }],
    });
    await eventually(async () =>
      expect(JSON.stringify((await callHttp('GET', `${service.url}/_local/events`)).body)).toContain('"status":"held"'),
    );
  });
});

describe('sinch-buttons-header: the simulated Sinch', () => {
  it('takes buttons below a header as a card', async () => {
    const service = await aLocalService();
    await service.write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
    const content = { type: 'buttons', body: 'Choose', header: 'Head', buttons: [{ id: 'y', title: 'Yes' }] };

    const sent = await callHttp('POST', `${service.url}/v1/messages`, {
      body: JSON.stringify({ channel: 'support-sinch', to: CUSTOMER, content }),
    });

    expect(sent.status).toBe(201);
    expect((await service.calls()).at(-1)).toMatchObject({
      body: { message: { card_message: { title: 'Choose', message_properties: { whatsapp_header: 'Head' } } } },
    });
  });
});
