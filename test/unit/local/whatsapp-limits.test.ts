import { describe, expect, it } from 'vitest';
import { SendRequest as MetaSend } from '../../../infra/local/simulator/meta/send-request.ts';
import { checkTemplate } from '../../../infra/local/simulator/meta/templates.ts';
import { checkMedia } from '../../../infra/local/simulator/sinch/media.ts';
import { SendRequest as SinchSend } from '../../../infra/local/simulator/sinch/send-request.ts';
import { checkTemplate as checkSinchTemplate } from '../../../infra/local/simulator/sinch/templates.ts';

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const meta = (type: string, content: object) =>
  MetaSend.safeParse({ messaging_product: 'whatsapp', to: '+15551234567', type, [type]: content }).success;
const buttons = (count: number, title = 'Title') => ({
  type: 'button',
  body: { text: 'Which?' },
  action: {
    buttons: times(count, (index) => ({ type: 'reply', reply: { id: `b${index}`, title: `${title}${index}` } })),
  },
});
const list = (rows: number) => ({
  type: 'list',
  body: { text: 'Which?' },
  action: { button: 'Choose', sections: [{ rows: times(rows, (index) => ({ id: `r${index}`, title: 'Row' })) }] },
});

describe('the simulated Meta', () => {
  it.each<[boolean, string, object]>([
    [true, 'interactive', buttons(3)],
    [false, 'interactive', buttons(4)],
    [false, 'interactive', buttons(1, 't'.repeat(20))],
    [true, 'interactive', list(10)],
    [false, 'interactive', list(11)],
    [true, 'text', { body: 'Hello' }],
    [false, 'text', { body: ' \n' }],
    [true, 'reaction', { message_id: 'wamid.1', emoji: '👨‍👩‍👧‍👦' }],
    [true, 'reaction', { message_id: 'wamid.1', emoji: '1️⃣' }],
    [true, 'reaction', { message_id: 'wamid.1', emoji: '' }],
    [false, 'reaction', { message_id: 'wamid.1', emoji: 'ok' }],
    [false, 'reaction', { message_id: 'wamid.1', emoji: '👍👍' }],
    [true, 'image', { link: 'https://media.example.com/a.png' }],
    [false, 'image', { link: 'https://media.example.com/a.gif' }],
  ])('takes (%s) %s %j', (taken, type, content) => {
    expect(meta(type, content)).toBe(taken);
  });

  it.each(['a\nb', 'a\tb', 'a     b', ' ', 'x'.repeat(1_020)])('refuses the template value %j', (text) => {
    const parameters = [
      { type: 'text', text },
      { type: 'text', text: 'x' },
    ];
    const sent = {
      name: 'order_update',
      language: { code: 'en_US' },
      components: [{ type: 'body' as const, parameters }],
    };

    expect(checkTemplate(sent)).toMatchObject({ code: 132_018 });
  });
});

describe('the simulated Sinch', () => {
  const sinch = (message: object) =>
    SinchSend.safeParse({
      app_id: '01',
      recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '15551234567' }] } },
      message,
    }).success;
  const choices = (count: number) =>
    times(count, (index) => ({ text_message: { text: `Title ${index}` }, postback_data: `b${index}` }));
  const CATALOG = { catalog_id: '194836987003835' };
  const products = (count: number) =>
    times(count, (index) => ({ product: { id: `sku-${index}`, marketplace: 'FACEBOOK' } }));
  const flow = (flow_cta: string) => ({
    channel_specific_message: {
      WHATSAPP: { message_type: 'FLOWS', message: { body: { text: 'When?' }, flow_id: '1', flow_cta } },
    },
  });
  const items = (count: number) => times(count, (index) => ({ choice: { title: 'Row', postback_data: `r${index}` } }));

  it.each<[boolean, object]>([
    [true, { choice_message: { text_message: { text: 'Which?' }, choices: choices(3) } }],
    [false, { choice_message: { text_message: { text: 'Which?' }, choices: choices(4) } }],
    [true, { card_message: { title: 'Which?', description: 'x'.repeat(60), choices: choices(3) } }],
    [false, { card_message: { title: 'Which?', description: 'x'.repeat(61), choices: choices(3) } }],
    [true, { list_message: { title: 'Which?', sections: [{ items: items(10) }] } }],
    [false, { list_message: { title: 'Which?', sections: [{ items: items(11) }] } }],
    [true, { list_message: { title: 'These', sections: [{ items: products(30) }], message_properties: CATALOG } }],
    [false, { list_message: { title: 'These', sections: [{ items: products(31) }], message_properties: CATALOG } }],
    [false, { list_message: { title: 'These', sections: [{ items: products(1) }] } }],
    [true, flow('Book now')],
    [false, flow('x'.repeat(21))],
    [false, { text_message: { text: ' ' } }],
    [false, { template_message: { channel_template: { WHATSAPP: { parameters: { 'body[1]text': 'a\nb' } } } } }],
  ])('takes (%s) %j', (taken, message) => {
    expect(sinch(message)).toBe(taken);
  });

  it.each<[string | undefined, object]>([
    [undefined, { media_message: { url: 'https://media.example.com/a.jpg?size=2' } }],
    [undefined, { media_message: { url: 'https://media.example.com/files/7' } }],
    [undefined, { card_message: { title: 'A', media_message: { url: 'https://media.example.com/a.pdf' } } }],
    [undefined, { text_message: { text: 'https://media.example.com/a.gif' } }],
    ['MEDIA_TYPE_UNSUPPORTED', { media_message: { url: 'https://media.example.com/a.GIF?size=2' } }],
    [
      'MEDIA_TYPE_UNSUPPORTED',
      { card_message: { title: 'A', media_message: { url: 'https://media.example.com/a.wav' } } },
    ],
  ])('reports (%s) of the file in %j', (code, message) => {
    expect(checkMedia(message)?.code).toBe(code);
  });

  it.each([
    [undefined, 986],
    ['BAD_REQUEST', 987],
  ])('reports (%s) of a body that %i characters fill', (code, length) => {
    const parameters = { 'body[1]text': 'x'.repeat(length), 'body[2]text': 'y' };
    const template = { template_id: 'order_update', language_code: 'en_US', parameters };

    expect(checkSinchTemplate({ template_message: { channel_template: { WHATSAPP: template } } })?.code).toBe(code);
  });
});
