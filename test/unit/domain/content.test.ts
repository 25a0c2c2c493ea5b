import { describe, expect, it } from 'vitest';
import { SendRequest } from '../../../functions/shared/domain/content.ts';
import { parseWith } from '../../../functions/shared/http/request.ts';
import { aSendRequest } from '../../support/builders.ts';

type Fields = Record<string, unknown>;

/** Each fault of a request as the API names it. */
const errorsIn = (request: unknown) => {
  const parsed = parseWith(SendRequest, request);
  return parsed.ok ? [] : (parsed.problem.errors ?? []);
};
const errorsOf = (content: unknown) => errorsIn(aSendRequest({ content }));
const pathsOf = (content: unknown) => errorsOf(content).map(({ path }) => path);

const EMOJI = '👋';
const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const URL_OF_MEDIA = 'https://media.example.com/a';
const text = (fields: Fields = {}) => ({ type: 'text', text: 'Hello', ...fields });
const image = (fields: Fields = {}) => ({ type: 'image', url: URL_OF_MEDIA, ...fields });
const location = (fields: Fields = {}) => ({ type: 'location', latitude: 52.52, longitude: 13.4, ...fields });
const button = (index: number) => ({ id: `b${index}`, title: `Button ${index}` });
const buttons = (fields: Fields = {}) => ({ type: 'buttons', body: 'Which?', buttons: [button(1)], ...fields });
const row = (index: number) => ({ id: `r${index}`, title: `Row ${index}` });
const list = (fields: Fields = {}) => ({
  type: 'list',
  body: 'Which?',
  button: 'Choose',
  sections: [{ rows: [row(1)] }],
  ...fields,
});
const contact = (fields: Fields = {}) => ({ name: { formatted: 'Ada Example' }, ...fields });
const contacts = (...some: Fields[]) => ({ type: 'contacts', contacts: some });
const reaction = (fields: Fields = {}) => ({ type: 'reaction', messageId: 'wamid.1', emoji: EMOJI, ...fields });

const withTitle = (title: string) => buttons({ buttons: [{ id: 'b', title }] });
const withRow = (fields: Fields) => list({ sections: [{ rows: [{ ...row(1), ...fields }] }] });
const withSectionTitle = (title: string) => list({ sections: [{ title, rows: [row(1)] }] });
const sectionsOf = (count: number) => times(count, (index) => ({ title: `Section ${index}`, rows: [row(index)] }));
const cardsOf = (count: number) => contacts(...times(count, () => contact()));
const imageOfUrlLength = (length: number) => image({ url: `https://media.example.com/`.padEnd(length, 'a') });
const required = (path: string) => ({ path, message: 'is required' });

describe('content that is taken', () => {
  it.each([
    text(),
    text({ previewUrl: true }),
    image(),
    image({ caption: 'A parcel' }),
    { type: 'image', mediaId: '1013859600285441' },
    { type: 'video', url: URL_OF_MEDIA, caption: 'How to' },
    { type: 'document', url: URL_OF_MEDIA, caption: 'Your bill', filename: 'bill.pdf' },
    { type: 'audio', mediaId: '1013859600285441' },
    { type: 'sticker', url: URL_OF_MEDIA },
    location(),
    location({ name: 'Shop', address: 'Main Street 1' }),
    contacts(contact()),
    contacts(
      contact({
        name: {
          formatted: 'Dr Ada B Example Jr',
          first: 'Ada',
          last: 'Example',
          middle: 'B',
          prefix: 'Dr',
          suffix: 'Jr',
        },
        phones: [{ phone: '+15550783881', type: 'WORK' }, { phone: '+15550783882' }],
        emails: [{ email: 'ada@example.com', type: 'WORK' }],
        org: { company: 'Example', department: 'Care', title: 'Agent' },
        urls: [{ url: 'https://example.com', type: 'WORK' }],
        addresses: [{ street: 'Main Street 1', city: 'Town', state: 'CA', zip: '1', country: 'US', countryCode: 'us' }],
        birthday: '1990-02-28',
      }),
    ),
    buttons({ header: 'Care', footer: 'Thanks' }),
    list({ header: 'Care', footer: 'Thanks' }),
    list({
      sections: [
        { title: 'One', rows: [row(1)] },
        { title: 'Two', rows: [{ ...row(2), description: 'Second' }] },
      ],
    }),
    reaction(),
    reaction({ emoji: '' }),
  ])('$type', (content) => {
    const parsed = parseWith(SendRequest, aSendRequest({ content }));

    expect(parsed).toEqual({ ok: true, value: aSendRequest({ content }) });
  });
});

describe('a template', () => {
  const template = (fields: Fields = {}) => ({ type: 'template', name: 'parcel_news', language: 'en_US', ...fields });
  const contentOf = (content: unknown) => {
    const parsed = parseWith(SendRequest, aSendRequest({ content }));
    if (!parsed.ok) throw new Error(parsed.problem.detail);
    return parsed.value.content;
  };

  it('is a re-engagement without parameters unless it says otherwise', () => {
    expect(contentOf(template())).toEqual(template({ components: [], purpose: 'reengagement' }));
    expect(contentOf(template({ purpose: 'notification' }))).toMatchObject({ purpose: 'notification' });
  });

  it('has components in WhatsApp’s own shape, whose spelling of type and index does not matter', () => {
    const components = [{ type: 'BUTTON', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'a' }] }];

    expect(contentOf(template({ components }))).toMatchObject({
      components: [{ type: 'button', sub_type: 'url', index: 1, parameters: [{ type: 'text', text: 'a' }] }],
    });
    expect(contentOf(template({ components: [{ type: 'body' }] }))).toMatchObject({
      components: [{ type: 'body', parameters: [] }],
    });
  });

  it.each(['en', 'fil', 'en_US', 'pt-BR'])('goes in a language: %s', (language) => {
    expect(errorsOf(template({ language, fallbackLanguage: language }))).toEqual([]);
  });

  it.each([
    [{ name: '' }, 'content.name'],
    [{ name: 'n'.repeat(513) }, 'content.name'],
    [{ language: 'English' }, 'content.language'],
    [{ language: 'e' }, 'content.language'],
    [{ fallbackLanguage: '' }, 'content.fallbackLanguage'],
    [{ purpose: 'fun' }, 'content.purpose'],
    [{ components: [{ parameters: [] }] }, 'content.components.0.type'],
    [{ components: [{ type: 'body', parameters: [{ text: 'a' }] }] }, 'content.components.0.parameters.0.type'],
    [{ components: [{ type: 'carousel', cards: [] }] }, 'content.components.0.cards'],
  ])('is refused with %j', (fields, path) => {
    expect(pathsOf(template(fields))).toEqual([path]);
  });
});

describe('a limit of WhatsApp', () => {
  const LIMITS = [
    { path: 'content.text', most: 4096, content: (value: string) => text({ text: value }) },
    { path: 'content.caption', most: 1024, content: (caption: string) => image({ caption }) },
    {
      path: 'content.filename',
      most: 240,
      content: (filename: string) => ({ ...image({ filename }), type: 'document' }),
    },
    { path: 'content.name', most: 1000, content: (name: string) => location({ name }) },
    { path: 'content.address', most: 1000, content: (address: string) => location({ address }) },
    { path: 'content.body', most: 1024, content: (body: string) => buttons({ body }) },
    { path: 'content.header', most: 60, content: (header: string) => buttons({ header }) },
    { path: 'content.footer', most: 60, content: (footer: string) => buttons({ footer }) },
    { path: 'content.buttons.0.title', most: 20, content: withTitle },
    { path: 'content.buttons.0.id', most: 256, content: (id: string) => buttons({ buttons: [{ id, title: 'Yes' }] }) },
    { path: 'content.body', most: 4096, content: (body: string) => list({ body }) },
    { path: 'content.button', most: 20, content: (label: string) => list({ button: label }) },
    { path: 'content.header', most: 60, content: (header: string) => list({ header }) },
    { path: 'content.footer', most: 60, content: (footer: string) => list({ footer }) },
    { path: 'content.sections.0.title', most: 24, content: withSectionTitle },
    { path: 'content.sections.0.rows.0.id', most: 200, content: (id: string) => withRow({ id }) },
    { path: 'content.sections.0.rows.0.title', most: 24, content: (title: string) => withRow({ title }) },
    {
      path: 'content.sections.0.rows.0.description',
      most: 72,
      content: (description: string) => withRow({ description }),
    },
    {
      path: 'content.contacts.0.name.formatted',
      most: 256,
      content: (formatted: string) => contacts({ name: { formatted } }),
    },
  ];

  it.each(LIMITS)('$path takes $most characters and not one more', ({ path, most, content }) => {
    expect(errorsOf(content('x'.repeat(most)))).toEqual([]);
    expect(errorsOf(content('x'.repeat(most + 1)))).toEqual([
      { path, message: `has ${most + 1} characters, WhatsApp allows at most ${most}` },
    ]);
  });

  it.each(LIMITS)('$path counts an emoji as one of $most characters', ({ path, most, content }) => {
    expect(errorsOf(content(EMOJI.repeat(most)))).toEqual([]);
    expect(pathsOf(content(EMOJI.repeat(most + 1)))).toEqual([path]);
  });

  it.each(LIMITS)('$path is not empty when it is given', ({ path, content }) => {
    expect(errorsOf(content(''))).toEqual([{ path, message: 'must not be empty' }]);
  });

  it('is 3 buttons', () => {
    expect(errorsOf(buttons({ buttons: times(3, button) }))).toEqual([]);
    expect(errorsOf(buttons({ buttons: times(4, button) }))).toEqual([
      { path: 'content.buttons', message: 'has more than 3 buttons, the most that WhatsApp allows' },
    ]);
    expect(errorsOf(buttons({ buttons: [] }))).toEqual([
      { path: 'content.buttons', message: 'needs at least one button' },
    ]);
  });

  it('is 10 rows, in one section or in several', () => {
    const twoSections = (rows: number) => [
      { title: 'One', rows: times(5, row) },
      { title: 'Two', rows: times(rows - 5, (index) => row(index + 5)) },
    ];
    const tooMany = [{ path: 'content.sections', message: 'have 11 rows in all, WhatsApp allows at most 10' }];

    expect(errorsOf(list({ sections: [{ rows: times(10, row) }] }))).toEqual([]);
    expect(errorsOf(list({ sections: [{ rows: times(11, row) }] }))).toEqual(tooMany);
    expect(errorsOf(list({ sections: twoSections(10) }))).toEqual([]);
    expect(errorsOf(list({ sections: twoSections(11) }))).toEqual(tooMany);
  });

  it('is 10 sections', () => {
    expect(pathsOf(list({ sections: sectionsOf(10) }))).toEqual([]);
    expect(pathsOf(list({ sections: sectionsOf(11) }))).toContain('content.sections');
    expect(pathsOf(list({ sections: [] }))).toEqual(['content.sections']);
    expect(errorsOf(list({ sections: [{ rows: [] }] }))).toEqual([
      { path: 'content.sections.0.rows', message: 'needs at least one row' },
    ]);
  });

  it('is a title for each of several sections', () => {
    const untitled = [{ title: 'One', rows: [row(1)] }, { rows: [row(2)] }];

    expect(errorsOf(list({ sections: untitled }))).toEqual([
      { path: 'content.sections.1.title', message: 'is required when there are several sections' },
    ]);
  });

  it('is that ids and titles differ', () => {
    const twins = [
      { id: 'a', title: 'Yes' },
      { id: 'a', title: 'Yes' },
    ];
    const acrossSections = [
      { title: 'One', rows: [row(1)] },
      { title: 'Two', rows: [row(1)] },
    ];

    expect(errorsOf(buttons({ buttons: twins }))).toEqual([
      { path: 'content.buttons', message: 'button ids must differ' },
      { path: 'content.buttons', message: 'button titles must differ' },
    ]);
    expect(errorsOf(list({ sections: acrossSections }))).toEqual([
      { path: 'content.sections', message: 'row ids must differ' },
    ]);
  });

  it.each([
    { field: 'latitude', most: 90 },
    { field: 'longitude', most: 180 },
  ])('is $field from −$most to $most degrees', ({ field, most }) => {
    const refused = [{ path: `content.${field}`, message: `must be a number of degrees from -${most} to ${most}` }];

    for (const value of [-most, 0, most]) expect(errorsOf(location({ [field]: value }))).toEqual([]);
    for (const value of [-most - 1, -most - 0.000_001, most + 0.000_001, most + 1, '52.5'])
      expect(errorsOf(location({ [field]: value }))).toEqual(refused);
  });

  it('is 20 contact cards', () => {
    expect(pathsOf(cardsOf(20))).toEqual([]);
    expect(pathsOf(cardsOf(21))).toEqual(['content.contacts']);
    expect(pathsOf(cardsOf(0))).toEqual(['content.contacts']);
  });

  it('is a date for a birthday', () => {
    expect(pathsOf(contacts(contact({ birthday: '2026-02-30' })))).toEqual(['content.contacts.0.birthday']);
  });
});

describe('media', () => {
  const TYPES = ['image', 'video', 'document', 'audio', 'sticker'];
  const either = [{ path: 'content.url', message: 'give one of url, mediaId and upload' }];

  it.each(TYPES)('%s comes from a url or a mediaId', (type) => {
    expect(errorsOf({ type, url: URL_OF_MEDIA })).toEqual([]);
    expect(errorsOf({ type, mediaId: '1013859600285441' })).toEqual([]);
    expect(errorsOf({ type, url: URL_OF_MEDIA, mediaId: '1013859600285441' })).toEqual(either);
    expect(errorsOf({ type })).toEqual(either);
  });

  it.each(['audio', 'sticker'])('%s has no caption', (type) => {
    expect(errorsOf({ type, url: URL_OF_MEDIA, caption: 'Listen' })).toEqual([
      { path: 'content.caption', message: 'is not a known field' },
    ]);
  });

  it.each([
    '',
    'parcel.jpg',
    '/parcel.jpg',
    'ftp://media.example.com/a',
    'file:///etc/hosts',
    'data:image/png;base64,AA==',
  ])('is not fetched from "%s"', (url) => {
    expect(errorsOf(image({ url }))).toEqual([
      { path: 'content.url', message: 'is not an http(s) URL that WhatsApp can fetch' },
    ]);
  });

  it('is not fetched from a URL longer than 2,000 characters', () => {
    expect(errorsOf(imageOfUrlLength(2_000))).toEqual([]);
    expect(errorsOf(imageOfUrlLength(2_001))).toEqual([
      { path: 'content.url', message: 'has more than 2000 characters' },
    ]);
  });
});

describe('a send request that is refused', () => {
  it('names an unknown content type with those it takes', () => {
    const message =
      'is not one of: text, image, video, document, audio, sticker, location, contacts, buttons, list, cta_url, location_request, contact_request, address_request, flow, product, product_list, carousel, reaction, template';

    expect(errorsOf({ type: 'hologram' })).toEqual([{ path: 'content.type', message }]);
    expect(errorsOf({})).toEqual([{ path: 'content.type', message }]);
    expect(errorsOf({ type: 'constructor' })).toEqual([{ path: 'content.type', message }]);
  });

  it('names an unknown key by its own path', () => {
    expect(errorsOf(text({ txt: 'Hello', colour: 'red' }))).toEqual([
      { path: 'content.txt', message: 'is not a known field' },
      { path: 'content.colour', message: 'is not a known field' },
    ]);
    expect(errorsIn(aSendRequest({ priority: 1 }))).toEqual([{ path: 'priority', message: 'is not a known field' }]);
  });

  it('names what is missing', () => {
    expect(errorsIn({})).toEqual(['channel', 'to', 'content'].map(required));
    expect(errorsOf({ type: 'text' })).toEqual([required('content.text')]);
    expect(errorsOf({ type: 'reaction' })).toEqual([required('content.messageId'), required('content.emoji')]);
    expect(errorsOf(contacts({ name: {} }))).toEqual([required('content.contacts.0.name.formatted')]);
  });

  it.each(['call me', 'user\n1', '', '+', '12345', '+0155507838', '(555)078-3881', 'x'.repeat(257)])(
    'names `to` for "%s" and says what it takes',
    (to) => {
      expect(errorsIn(aSendRequest({ to }))).toEqual([
        {
          path: 'to',
          message: expect.stringMatching(/^is neither a phone number in E\.164 .*1 to 256 visible characters/),
        },
      ]);
    },
  );

  it.each([null, [], 'text', 5])('is no object: %j', (request) => {
    expect(errorsIn(request)).toEqual([{ path: '', message: 'must be an object' }]);
    expect(errorsOf(request)).toEqual([{ path: 'content', message: 'must be an object' }]);
  });

  it('names every fault at once', () => {
    expect(
      errorsIn(aSendRequest({ to: 'no body', content: location({ latitude: 91, longitude: -181 }) })).map(
        ({ path }) => path,
      ),
    ).toEqual(['to', 'content.latitude', 'content.longitude']);
  });

  it.each([
    { field: 'replyTo', most: 512 },
    { field: 'clientReference', most: 256 },
  ])('has a $field of 1 to $most characters', ({ field, most }) => {
    const paths = (value: string) => errorsIn(aSendRequest({ [field]: value })).map(({ path }) => path);

    expect(paths('x'.repeat(most))).toEqual([]);
    expect(paths('x'.repeat(most + 1))).toEqual([field]);
    expect(paths('')).toEqual([field]);
  });
});

describe('the recipient', () => {
  it.each([
    { to: '15550783881', filed: '+15550783881' },
    { to: '+15550783881', filed: '+15550783881' },
    { to: 'US.13491208655302741918', filed: 'US.13491208655302741918' },
  ])('$to is filed as $filed', ({ to, filed }) => {
    expect(SendRequest.parse(aSendRequest({ to })).to).toBe(filed);
  });
});
