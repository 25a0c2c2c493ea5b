import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toReference } from '../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aMessageOf, messagesOf, parseMessages } from '../../support/meta.ts';
import { anOutboundSetting, type OutboundSetting, TEXT } from '../../support/outbound.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await setting.table.store.recordInbound(anArrival({ at: NOON, now: NOON }));
  setting.service.setNow(secondsAfterNoon(60));
});
afterEach(() => setting.close());

const send = (content: object) => setting.service.send({ channel: 'support', to: CUSTOMER, content });
const refuseWith = (error: object) => setting.answer({ status: 400, body: { error } });
const state = async () => (await setting.service.session('support', CUSTOMER)).body['state'];

describe('window-by-text: an error that says that the window is closed', () => {
  it.each([
    ['100', { code: 100, message: 'Cannot send non-template messages outside the 24-hour window.' }],
    ['100', { code: 100, message: 'Invalid', error_data: { details: 'more than 24 hours have passed since' } }],
    ['470', { code: 470, message: 'Message failed' }],
  ])('closes it in the answer to a send: %s', async (code, error) => {
    refuseWith(error);

    expect(await setting.service.send(TEXT)).toMatchObject({
      status: 409,
      body: { code: 'provider_window_closed', nextAction: 'send_template', provider: { code } },
    });
    expect(await state()).toBe('closed');
  });

  it.each([
    { code: 470, title: 'Message failed' },
    { code: 100, title: 'Invalid parameter', error_data: { details: 'It is outside the allowed window.' } },
  ])('closes it in a failed status: $code', async (error) => {
    const { body } = await setting.service.send(TEXT);
    const reference = toReference({ atMs: secondsAfterNoon(60).getTime(), id: String(body['id']), customer: CUSTOMER });
    const { toStatusItem } = await import('../../../functions/shared/providers/meta/statuses.ts');
    const channel = setting.service.runtime.channel('support');
    if (channel === undefined) throw new Error('no channel');
    const item = toStatusItem(
      {
        id: 'wamid.sent.1',
        status: 'failed',
        timestamp: String(secondsAfterNoon(61).getTime() / 1000),
        biz_opaque_callback_data: reference,
        errors: [error],
      },
      { channel, number: undefined, contacts: [] },
    );
    if (item.kind !== 'status') throw new Error(`read as ${item.kind}`);
    const { status: to, ...report } = item.report;

    await setting.table.store.recordStatus({ ...report, reference: report.reference, to });

    expect(await state()).toBe('closed');
  });
});

describe('account-errors: an error that an operator must fix at the provider', () => {
  it.each([131_030, 131_037, 131_045, 133_015])('is counted for the alarm at once, and says so: %i', async (code) => {
    refuseWith({ code, message: `(#${code}) refused` });

    expect(await setting.service.send(TEXT)).toMatchObject({
      status: 502,
      body: { code: 'provider_rejected', nextAction: 'fix_account', provider: { code: String(code) } },
    });
    expect(setting.service.log.counts).toMatchObject({ 'ProviderErrors{class=alert}': 1 });
    expect(setting.service.log.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ provider: String(code), class: 'alert' }) }),
    );
  });
});

describe('template-newline: values that WhatsApp refuses', () => {
  it.each([
    ['a line break', 'line1\nline2', '.0.text'],
    ['a tab', 'a\tb', '.0.text'],
    ['five spaces', 'a     b', '.0.text'],
    ['blanks', '   ', '.0.text'],
    ['a body of more than 1,024 characters', 'x'.repeat(1_024), ''],
  ])('never reach the provider: %s', async (_, text, path) => {
    await register(setting.table, aTemplate());
    const components = [
      {
        type: 'body',
        parameters: [
          { type: 'text', text },
          { type: 'text', text: '4711' },
        ],
      },
    ];

    const refused = await send(aTemplateContent({ components }));

    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'template_parameters_invalid',
        nextAction: 'fix_template',
        errors: [{ path: `content.components.0.parameters${path}` }],
      },
    });
    expect(setting.provider.calls).toEqual([]);
  });
});

describe('reaction-word: a reaction that is not one emoji', () => {
  const react = (emoji: string) => send({ type: 'reaction', messageId: 'wamid.1', emoji });

  it.each(['ok', '👍👍'])('is refused with its path: %s', async (emoji) => {
    expect(await react(emoji)).toMatchObject({ status: 400, body: { errors: [{ path: 'content.emoji' }] } });
  });

  it('goes where it is one, of several characters too, or removes one', async () => {
    for (const emoji of ['👨‍👩‍👧‍👦', '']) expect((await react(emoji)).status).toBe(201);
  });
});

describe('contact-with-waid: a contact card', () => {
  it('carries the WhatsApp id of its number', async () => {
    const card = { name: { formatted: 'Ann' }, phones: [{ phone: '+15551230310', waId: '15551230310' }] };

    expect((await send({ type: 'contacts', contacts: [card] })).status).toBe(201);
    expect(setting.provider.calls.at(-1)?.body).toMatchObject({
      contacts: [{ phones: [{ phone: '+15551230310', wa_id: '15551230310' }] }],
    });
  });

  it.each([
    {
      name: { first_name: 'Barbara', last_name: 'Johnson', formatted_name: 'Barbara J. Johnson' },
      org: { company: 'Social Tsunami' },
      phones: [{ phone: '+1 (415) 555-0829', wa_id: '14125550829', type: 'MOBILE' }],
    },
    { phones: [{ phone: '+14155550829', wa_id: '14155550829' }], vcard: 'BEGIN:VCARD', origin: 'contact_request' },
  ])('of a customer is sent on as the thread has it', async (card) => {
    const [message] = messagesOf(parseMessages(aMessageOf('contacts', [card])));
    const content = message?.content;
    if (content?.type !== 'contacts') throw new Error('not a contact card');
    const arrival = anArrival({ at: secondsAfterNoon(30), id: 'wamid.card' });
    await setting.table.store.recordInbound({ ...arrival, message: { ...arrival.message, content } });
    const { body } = await setting.service.thread('support', CUSTOMER);
    const [newest] = body['messages'] as readonly { readonly content: object }[];

    expect((await send(newest?.content ?? {})).status).toBe(201);
    expect(setting.provider.calls.at(-1)?.body).toMatchObject({
      type: 'contacts',
      contacts: [{ name: { formatted_name: card.name?.formatted_name ?? '+14155550829' }, phones: card.phones }],
    });
  });
});
