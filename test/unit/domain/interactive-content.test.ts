import { describe, expect, it } from 'vitest';
import { SendRequest } from '../../../functions/shared/domain/content.ts';
import { parseWith } from '../../../functions/shared/http/request.ts';
import { SendRequest as MetaSend } from '../../../infra/local/simulator/meta/send-request.ts';
import { aSendRequest } from '../../support/builders.ts';
import { goldens } from '../../support/golden.ts';

const errorsOf = (content: unknown, rest: object = {}) => {
  const parsed = parseWith(SendRequest, { ...aSendRequest({ content }), to: '+919812345678', ...rest });
  return parsed.ok ? [] : (parsed.problem.errors ?? []);
};
const pathsOf = (content: unknown) => errorsOf(content).map(({ path }) => path);
const golden = (name: string) => {
  const found = goldens('meta').find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found.content as unknown as Record<string, unknown>;
};
const long = (length: number) => 'x'.repeat(length);
const CTA = golden('cta-url');
const FLOW = golden('flow');
const PRODUCTS = golden('product-list');
const CAROUSEL = golden('carousel');
const REPLIES = golden('carousel-replies');
const [card] = CAROUSEL['cards'] as object[];
const [reply] = REPLIES['cards'] as object[];
const cards = (...some: unknown[]) => ({ ...CAROUSEL, cards: some });

describe('a limit of WhatsApp', () => {
  it.each<[path: string, content: object]>([
    ['content.button', { ...CTA, button: long(21) }],
    ['content.button', { ...CTA, button: ' ' }],
    ['content.body', { ...CTA, body: long(1_025) }],
    ['content.header', { ...CTA, header: long(61) }],
    ['content.header.url', { ...CTA, header: { type: 'image', url: 'https://m.example/a.gif' } }],
    ['content.footer', { ...CTA, footer: long(61) }],
    ['content.url', { ...CTA, url: 'tel:+15551234567' }],
    ['content.body', { type: 'location_request', body: '' }],
    ['content.footer', { type: 'location_request', body: 'Where?', footer: 'x' }],
    ['content.body', { type: 'contact_request', body: '' }],
    ['content.footer', { type: 'contact_request', body: 'Which number?', footer: 'x' }],
    ['content.country', { ...golden('address-request'), country: 'SG' }],
    ['content.values.street', { ...golden('address-request'), values: { street: 'x' } }],
    ['content.flowId', { ...FLOW, flowId: undefined }],
    ['content.flowId', { ...FLOW, flowName: 'both' }],
    ['content.button', { ...FLOW, button: 'Book 🗓️' }],
    ['content.screen', { ...FLOW, action: 'data_exchange', data: undefined }],
    ['content.data', { ...FLOW, screen: undefined }],
    ['content.data', { ...FLOW, data: {} }],
    ['content.productId', { ...golden('product'), productId: '' }],
    ['content.header', { ...PRODUCTS, header: undefined }],
    ['content.sections', { ...PRODUCTS, sections: [{ productIds: Array.from({ length: 31 }, (_, n) => `sku-${n}`) }] }],
    ['content.sections.1.title', { ...PRODUCTS, sections: [{ title: 'A', productIds: ['a'] }, { productIds: ['b'] }] }],
    ['content.cards', cards(card)],
    ['content.cards', cards(...Array.from({ length: 11 }, () => card))],
    ['content.cards.1.body', cards(card, { ...card, body: long(161) })],
    ['content.cards.1.body', cards(card, { ...card, body: 'a\nb\nc\nd' })],
    ['content.cards.1.header', cards(card, { ...card, header: { type: 'video', url: 'https://m.example/a.mp4' } })],
    ['content.cards.1.buttons', cards(card, { ...card, button: undefined })],
    ['content.cards.1.buttons', cards(card, reply)],
    [
      'content.cards.0.header.type',
      cards({ ...card, header: { type: 'document', url: 'https://m.example/a.pdf' } }, card),
    ],
    ['content.url', { type: 'audio', url: 'https://m.example/a.mp3', voice: true }],
  ])('is checked before anything is sent: %s of %j', (path, content) => {
    expect(pathsOf(content)).toContain(path);
  });

  it.each([
    ['a text header', { ...CTA, header: 'Order' }],
    ['no header', { ...CTA, header: undefined, footer: undefined }],
    [
      'a document as header',
      { ...FLOW, header: { type: 'document', url: 'https://m.example/a.pdf', filename: 'a.pdf' } },
    ],
    ['an endpoint that names the screen', { ...FLOW, action: 'data_exchange', screen: undefined, data: undefined }],
    ['a flow by its name', { ...FLOW, flowId: undefined, flowName: 'visit', draft: true }],
    ['a product without text', { ...golden('product'), body: undefined }],
    ['one section without a title', { ...PRODUCTS, sections: [{ productIds: ['a'] }] }],
    ['ten cards', cards(...Array.from({ length: 10 }, () => card))],
    ['a card of three lines', cards(card, { ...card, body: 'a\nb\nc' })],
    ['a voice note by its id', { type: 'audio', mediaId: '1', voice: true }],
    ['an opus file', { type: 'audio', url: 'https://m.example/a.opus', voice: true }],
  ])('leaves room for %s', (_, content) => {
    expect(errorsOf(content)).toEqual([]);
  });

  it('of a country: WhatsApp asks for addresses in India alone', () => {
    const content = golden('address-request');

    expect(errorsOf(content, { to: '+15551234567' })).toEqual([
      { path: 'to', message: 'is not in India (+91), where alone WhatsApp asks for an address' },
    ]);
    expect(errorsOf(content, { to: 'IN.13491208655302741918' })).toEqual([]);
  });
});

describe('the simulated Meta knows the same limits', () => {
  const wireOf = (name: string) => {
    const found = goldens('meta').find((one) => one.name === name) ?? { wire: {} };
    return Reflect.get(found['wire'] as object, 'interactive') as {
      action: { parameters: Record<string, unknown>; cards: object[] };
    };
  };
  const takes = (interactive: object, to = '+919812345678') =>
    MetaSend.safeParse({ messaging_product: 'whatsapp', to, type: 'interactive', interactive }).success;

  it.each(['cta-url', 'location-request', 'address-request', 'flow', 'product', 'product-list', 'carousel'])(
    'and takes %s',
    (name) => {
      expect(takes(wireOf(name))).toBe(true);
    },
  );

  it('and refuses what is beyond them', () => {
    const cta = wireOf('cta-url');
    const flow = wireOf('flow');
    const carousel = wireOf('carousel');

    expect(
      takes({ ...cta, action: { name: 'cta_url', parameters: { display_text: long(21), url: 'https://a.example' } } }),
    ).toBe(false);
    expect(
      takes({ ...flow, action: { name: 'flow', parameters: { ...flow.action.parameters, flow_id: undefined } } }),
    ).toBe(false);
    expect(takes({ ...carousel, action: { cards: carousel.action.cards.slice(0, 1) } })).toBe(false);
    expect(takes({ ...carousel, footer: { text: 'x' } })).toBe(false);
    expect(takes({ ...wireOf('product'), header: { type: 'text', text: 'x' } })).toBe(false);
    expect(takes(wireOf('address-request'), '+15551234567')).toBe(false);
  });
});
