import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';

const BUTTONS = {
  type: 'buttons',
  body: 'Shall we come on Tuesday?',
  footer: 'Your customer care',
  buttons: [
    { id: 'yes', title: 'Yes' },
    { id: 'no', title: 'No' },
  ],
};
const LIST = {
  type: 'list',
  body: 'Which day?',
  button: 'Days',
  sections: [{ title: 'Week', rows: [{ id: 'mo', title: 'Monday', description: 'before noon' }] }],
};
const FLOW = { type: 'flow', body: 'A visit', flowId: '77', button: 'Choose', token: 'visit-77' };

/** A phone on a channel, whose customer has said hello. */
const aPhone = async (channel: string, identity: Readonly<Record<string, string>> = { from: CUSTOMER }) => {
  const service = await aLocalService();
  const path = `/_local/provider/phone?${new URLSearchParams({ channel, ...identity }).toString()}`;
  const to = identity['from'] ?? identity['userId'] ?? '';
  const act = (action: object) => service.write({ channel, ...identity, ...action });
  await act({ text: 'Hello' });
  return {
    ...service,
    act,
    show: async () => (await service.call('GET', path)).body,
    answer: async (content: object) =>
      (await service.call('POST', '/v1/messages', { body: { channel, to, content } })).body,
    /** What the service received of what the customer does. */
    received: async (action: object) => {
      const { messageId } = (await act(action)).body;
      const { messages } = (await service.thread(channel, to)).body;
      return messages.find(({ id }: { id: string }) => [`${messageId}:terminate`, messageId].includes(id));
    },
  };
};

describe.each(['support', 'support-sinch', 'support-aws'])('a phone on channel %s', (channel) => {
  it('shows both directions, ticks, and what the business has read', async () => {
    const { show, answer, report, call } = await aPhone(channel);
    const { id } = await answer({ type: 'text', text: 'How can we help?' });
    const [hello] = (await show()).messages;

    await report({ id, status: 'delivered' });
    await report({ id, status: 'read' });
    await call('POST', `/v1/channels/${channel}/customers/${CUSTOMER}/messages/${encodeURIComponent(hello.id)}/read`, {
      body: {},
    });

    expect(hello).toMatchObject({ by: 'customer', text: 'Hello', status: 'sent' });
    expect(await show()).toMatchObject({
      messages: [
        { by: 'customer', status: 'read' },
        { by: 'business', text: 'How can we help?', status: 'read' },
      ],
      isTyping: false,
    });
  });

  it('taps a button and a row, and answers a flow', async () => {
    const { show, answer, received } = await aPhone(channel);
    for (const content of [BUTTONS, LIST, FLOW]) await answer(content);
    const [, buttons, list, flow] = (await show()).messages;
    const isSinch = channel === 'support-sinch';

    expect(buttons).toMatchObject({
      text: BUTTONS.body,
      footer: 'Your customer care',
      choices: [{ kind: 'button', id: 'yes', title: 'Yes' }, { id: 'no' }],
    });
    expect(list.choices).toMatchObject([{ kind: 'row', id: 'mo', title: 'Monday', description: 'before noon' }]);
    expect(flow.choices).toMatchObject([{ kind: 'flow', id: 'visit-77', title: 'Choose' }]);
    expect((await received({ tap: { messageId: buttons.id, id: 'yes' } })).content).toMatchObject(
      isSinch
        ? { type: 'choice', payload: 'yes', messageId: buttons.id }
        : { type: 'button_reply', id: 'yes', title: 'Yes' },
    );
    expect((await received({ tap: { messageId: list.id, id: 'mo' } })).content).toMatchObject(
      isSinch ? { type: 'choice', payload: 'mo' } : { type: 'list_reply', id: 'mo', description: 'before noon' },
    );
    expect((await received({ flow: { messageId: flow.id, response: { day: 'Tuesday' } } })).content).toMatchObject({
      type: 'flow_reply',
      response: { flow_token: 'visit-77', day: 'Tuesday' },
    });
  });

  it('shows a template filled, and taps its quick reply', async () => {
    const { show, received, call } = await aPhone(channel);
    await call('PUT', `/v1/channels/${channel}/customers/${CUSTOMER}/consent`, {
      body: { state: 'opted_in', source: 'website', actor: 'checkout' },
    });
    const components = [
      { type: 'header', parameters: [{ type: 'image', image: { link: 'https://example.com/a.jpg' } }] },
      { type: 'body', parameters: [{ type: 'text', text: 'Ada' }] },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ type: 'text', text: 'summer' }] },
    ];
    const content = { type: 'template', name: 'summer_offer', language: 'en_US', components };
    const sent = await call('POST', '/v1/messages', { body: { channel, to: CUSTOMER, content } });
    const [, template] = (await show()).messages;

    expect(sent.status).toBe(201);
    expect(template).toMatchObject({
      text: 'Hello Ada, our summer prices are here.',
      file: { type: 'image', link: 'https://example.com/a.jpg' },
      choices: [
        { kind: 'link', id: 'https://shop.example.com/offers/summer', title: 'Have a look' },
        { kind: 'quick_reply', title: 'Not for me' },
      ],
    });
    expect((await received({ tap: { messageId: template.id, id: 'Not for me' } })).content).toMatchObject(
      channel === 'support-sinch'
        ? { type: 'choice', title: 'Not for me' }
        : { type: 'button', text: 'Not for me', payload: 'Not for me' },
    );
  });

  it('sends a location, a reaction, a voice note and a quote', async () => {
    const { show, act, received, answer, call } = await aPhone(channel);
    await answer({ type: 'text', text: 'Where are you?' });
    const { id } = (await show()).messages.at(-1);

    expect(
      (await received({ location: { latitude: 55.61, longitude: 13, name: 'Office', address: 'Street 1' } })).content,
    ).toMatchObject({ type: 'location', latitude: 55.61, name: 'Office', address: 'Street 1' });
    expect((await received({ reaction: { messageId: id, emoji: '👍' } })).content).toMatchObject({
      type: 'reaction',
      messageId: id,
      emoji: '👍',
    });
    expect(await received({ text: 'Here', replyTo: id })).toMatchObject({ content: { text: 'Here' }, replyTo: id });
    const base64 = Buffer.from('OggS').toString('base64');
    await act({ file: { type: 'audio', mimeType: 'audio/ogg', base64, name: 'note.ogg', voice: true } });
    const { file } = (await show()).messages.at(-1);
    expect(file).toMatchObject({ type: 'audio' });
    expect((await call('GET', `/_local/provider/files/${file.id}`)).text).toBe('OggS');
  });

  it('says which choices a message has, and which it does not know', async () => {
    const { show, answer, act } = await aPhone(channel);
    await answer(BUTTONS);
    const { id: messageId } = (await show()).messages.at(-1);

    const wrong = await act({ tap: { messageId, id: 'perhaps' } });
    const unknown = await act({ tap: { messageId: 'none', id: 'yes' } });
    const noFlow = await act({ flow: { messageId, response: {} } });
    const two = await act({ text: 'a', location: { latitude: 1, longitude: 1 } });

    expect(wrong).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'tap.id', message: 'is not one of: yes, no' }] },
    });
    expect(unknown.body.errors).toMatchObject([{ path: 'tap.messageId' }]);
    expect(noFlow.body.errors).toMatchObject([{ path: 'flow.messageId' }]);
    expect(two.body.errors).toMatchObject([{ path: 'text', message: expect.stringContaining('location') }]);
  });
});

describe('what some providers alone report', () => {
  it('a call and a contact come from Meta and AWS', async () => {
    for (const channel of ['support', 'support-aws']) {
      const { received } = await aPhone(channel);
      const { id, content } = await received({ call: { event: 'connect' } });
      expect(content).toMatchObject({ type: 'call', event: 'connect' });
      expect((await received({ call: { event: 'terminate', seconds: 48 }, id })).content).toMatchObject({
        type: 'call',
        event: 'terminate',
        durationSeconds: 48,
      });
      expect((await received({ contact: { name: 'Ada', phone: '+15557654321' } })).content).toMatchObject({
        type: 'contacts',
        contacts: [{ name: { formatted: 'Ada' } }],
      });
    }
  });

  it('Sinch refuses both, naming the field', async () => {
    const { act } = await aPhone('support-sinch');

    expect((await act({ call: { event: 'connect' } })).body.errors).toMatchObject([{ path: 'call' }]);
    expect((await act({ contact: { name: 'Ada', phone: '+15557654321' } })).body.errors).toMatchObject([
      { path: 'contact' },
    ]);
  });

  it('a customer with number and user id has one phone, with the name of the profile', async () => {
    const { act, show, answer, session } = await aPhone('support', {
      from: CUSTOMER,
      userId: 'US.13491208655302741918',
    });
    await act({ text: 'It is me', name: '<b>Ada</b>' });
    await answer({ type: 'text', text: 'Hello' });

    expect((await show()).messages).toHaveLength(3);
    expect((await session('support', CUSTOMER)).body).toMatchObject({ state: 'open' });
    const { body } = await (await aPhone('support')).call('GET', '/_local/provider/phone?channel=support');
    expect(body.errors).toMatchObject([{ path: 'from' }]);
  });

  it('a message that failed is not on the phone', async () => {
    const { show, answer, report } = await aPhone('support');
    const { id } = await answer({ type: 'text', text: 'Lost' });

    await report({ id, status: 'failed', code: 131_026 });

    expect((await show()).messages).toHaveLength(1);
  });
});
