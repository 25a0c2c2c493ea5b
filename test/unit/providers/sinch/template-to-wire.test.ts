import { describe, expect, it } from 'vitest';
import type { TemplateButton } from '../../../../functions/shared/domain/template.ts';
import { toWire } from '../../../../functions/shared/providers/sinch/to-wire.ts';
import {
  aBody,
  aButton,
  aHeader,
  aRegisteredTemplate,
  aTemplateContent,
  aText,
} from '../../../support/template-parts.ts';

const withButtons = (...buttons: TemplateButton[]) =>
  aRegisteredTemplate({
    components: [
      { type: 'BODY', text: 'Hi' },
      { type: 'BUTTONS', buttons },
    ],
  });

const wire = (components: readonly object[], template = aRegisteredTemplate()) =>
  toWire(aTemplateContent({ components }), template);

const parametersOf = (components: readonly object[], template = aRegisteredTemplate()): unknown => {
  const result = wire(components, template);
  if (result.kind !== 'message') throw new Error(result.unsupported.path);
  return JSON.parse(JSON.stringify(result.message)).template_message.channel_template.WHATSAPP.parameters;
};

describe('a template on the way to Sinch', () => {
  it('is named by its name, with its language and its parameters by key', () => {
    const content = aTemplateContent({ components: [aBody(aText('LX-204'))] });

    expect(toWire(content, aRegisteredTemplate())).toEqual({
      kind: 'message',
      message: {
        template_message: {
          channel_template: {
            WHATSAPP: { template_id: 'parcel_news', language_code: 'en_US', parameters: { 'body[1]text': 'LX-204' } },
          },
        },
      },
    });
  });

  it.each([
    [
      'texts, counted from 1',
      [aBody(aText('a'), aText('b'), aText('c'))],
      { 'body[1]text': 'a', 'body[2]text': 'b', 'body[3]text': 'c' },
    ],
    ['a text header', [aHeader(aText('a'))], { 'header[1]text': 'a' }],
    [
      'an image',
      [aHeader({ type: 'image', image: { link: 'https://m/1' } })],
      { 'header[1]image.link': 'https://m/1' },
    ],
    ['a video', [aHeader({ type: 'video', video: { link: 'https://m/1' } })], { 'header[1]video.link': 'https://m/1' }],
    [
      'a document with its name',
      [aHeader({ type: 'document', document: { link: 'https://m/1', filename: 'bill.pdf' } })],
      { 'header[1]document.link': 'https://m/1', 'header[1]document.filename': 'bill.pdf' },
    ],
    [
      'a location, as texts',
      [aHeader({ type: 'location', location: { latitude: 52.5, longitude: -13, name: 'Shop', address: 'Street 1' } })],
      {
        'header[1]location.latitude': '52.5',
        'header[1]location.longitude': '-13',
        'header[1]location.name': 'Shop',
        'header[1]location.address': 'Street 1',
      },
    ],
    ['the end of a URL', [aButton('0', 'URL', aText('summer'))], { 'button[0]url[1]text': 'summer' }],
    [
      'a code to copy, on a button counted from 0',
      [aButton(1, 'copy_code', { type: 'coupon_code', coupon_code: 'SUMMER25' })],
      { 'button[1]copy_code[1]coupon_code': 'SUMMER25' },
    ],
    ['nothing', [], {}],
    ['nothing, in an empty component', [aBody()], {}],
  ])('carries %s', (_, components, parameters) => {
    expect(parametersOf(components)).toEqual(parameters);
  });

  it('has a payload for every quick reply, be it empty', () => {
    const template = withButtons({ type: 'QUICK_REPLY' }, { type: 'URL' }, { type: 'QUICK_REPLY' });

    expect(parametersOf([aButton(2, 'quick_reply', { type: 'payload', payload: 'later' })], template)).toEqual({
      'button[0]quick_reply[1]payload': '',
      'button[2]quick_reply[1]payload': 'later',
    });
    expect(parametersOf([], template)).toEqual({
      'button[0]quick_reply[1]payload': '',
      'button[2]quick_reply[1]payload': '',
    });
  });

  it.each([
    [[aHeader({ type: 'image', image: { id: '1' } })], '0.parameters.0.image.id', /link, a public URL/],
    [[aBody(aText('a', { parameter_name: 'day' }))], '0.parameters.0.parameter_name', /numbered/],
    [
      [aBody(aText(), { type: 'currency', currency: { fallback_value: '$5', code: 'USD', amount_1000: 5000 } })],
      '0.parameters.1.currency.fallback_value',
      /text parameter/,
    ],
    [
      [aBody({ type: 'date_time', date_time: { fallback_value: 'Friday' } })],
      '0.parameters.0.date_time.fallback_value',
      /text/,
    ],
    [
      [aHeader({ type: 'video', video: { link: 'https://m/1', caption: 'x' } })],
      '0.parameters.0.video.caption',
      /no key/,
    ],
    [[aBody(aText('a', { image: { link: 'x' } }))], '0.parameters.0.image.link', /no key/],
    [[aButton(0, 'flow', { type: 'action', action: { flow_token: 'x' } })], '0', /without it/],
    [[aBody(), { type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer' }] }], '1', /without it/],
  ])('is refused where Sinch knows no key, with a way out: %j', (components, path, sentence) => {
    expect(wire(components)).toEqual({
      kind: 'unsupported',
      unsupported: { path: `content.components.${path}`, message: expect.stringMatching(sentence) },
    });
  });
});
