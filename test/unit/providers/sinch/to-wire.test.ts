import { describe, expect, it } from 'vitest';
import { SessionContent } from '../../../../functions/shared/domain/content.ts';
import { toWire } from '../../../../functions/shared/providers/sinch/to-wire.ts';
import type { Wire } from '../../../../functions/shared/providers/sinch/wire.ts';

const wire = (content: unknown): Wire => toWire(SessionContent.parse(content));

/** As it travels: fields that are not set are not there. */
const body = (content: unknown): unknown => {
  const result = wire(content);
  if (result.kind !== 'message') throw new Error(result.unsupported.message);
  return JSON.parse(JSON.stringify(result.message));
};

const URL_ = 'https://media.example/file';

const card = (contact: Record<string, unknown>) => ({
  name: { formatted: 'Ada' },
  phones: [{ phone: '1' }],
  ...contact,
});

describe('a session message on the way to Sinch', () => {
  it('is a text', () => {
    expect(body({ type: 'text', text: 'Hi' })).toEqual({ text_message: { text: 'Hi' } });
  });

  it.each([
    [true, 'true'],
    [false, 'false'],
    [undefined, 'false'],
  ])('previews links exactly when asked to: %s', (previewUrl, value) => {
    expect(wire({ type: 'text', text: 'Hi', previewUrl })).toMatchObject({
      channelProperties: { WHATSAPP_PREVIEW_URL: value },
    });
  });

  it.each(['image', 'video', 'document', 'audio', 'sticker'])('is a media message for %s', (type) => {
    expect(body({ type, url: URL_ })).toEqual({ media_message: { url: URL_ } });
  });

  it.each(['image', 'video', 'document'])('is a card whose title is the caption, for %s', (type) => {
    expect(body({ type, url: URL_, caption: 'Look' })).toEqual({
      card_message: { title: 'Look', media_message: { url: URL_ } },
    });
  });

  it.each([
    ['jpg', 'image'],
    ['PNG', 'image'],
    ['mp4', 'video'],
    ['mp3', 'audio'],
    ['webp', 'sticker'],
  ])('refuses a document that Sinch would show as another type: .%s', (extension, shown) => {
    expect(wire({ type: 'document', url: `${URL_}.${extension}?v=1`, filename: 'bill.pdf' })).toEqual({
      kind: 'unsupported',
      unsupported: {
        path: 'content.type',
        message: `Sinch shows this file as ${shown}, not as a document: send it as ${shown}.`,
      },
    });
  });

  it.each(['pdf', 'gif', 'xlsx'])('is a document for a file that WhatsApp shows as nothing else: .%s', (extension) => {
    const url = `${URL_}.${extension}`;

    expect(body({ type: 'document', url })).toEqual({ media_message: { url } });
  });

  it('keeps the name of a document, with and without a caption', () => {
    const media = { url: URL_, filename_override: 'bill.pdf' };

    expect(body({ type: 'document', url: URL_, filename: 'bill.pdf' })).toEqual({ media_message: media });
    expect(body({ type: 'document', url: URL_, filename: 'bill.pdf', caption: 'Your bill' })).toEqual({
      card_message: { title: 'Your bill', media_message: media },
    });
  });

  it.each([
    [
      { name: 'Office', address: 'Street 1' },
      { title: 'Office', label: 'Street 1' },
    ],
    [{ name: 'Office' }, { title: 'Office' }],
    [{ address: 'Street 1' }, { title: 'Street 1', label: 'Street 1' }],
    [{}, { title: 'Location' }],
  ])('is a location with the title that Sinch requires: %j', (place, texts) => {
    expect(body({ type: 'location', latitude: 55.6, longitude: -13, ...place })).toEqual({
      location_message: { ...texts, coordinates: { latitude: 55.6, longitude: -13 } },
    });
  });

  it('is a contact card with everything on it', () => {
    const contact = {
      name: { formatted: 'Dr Ada Byron Jr', first: 'Ada', last: 'Byron', middle: 'K', prefix: 'Dr', suffix: 'Jr' },
      phones: [{ phone: '+4915112345678', type: 'WORK' }, { phone: '+4915187654321' }],
      emails: [{ email: 'ada@example.com', type: 'HOME' }],
      org: { company: 'Engines', department: 'Analysis', title: 'Head' },
      urls: [{ url: 'https://example.com/', type: 'WORK' }],
      addresses: [{ city: 'London', state: 'L', zip: 'W1', country: 'UK', countryCode: 'gb', type: 'WORK' }],
      birthday: '1815-12-10',
    };

    expect(body({ type: 'contacts', contacts: [contact] })).toEqual({
      contact_info_message: {
        name: {
          full_name: 'Dr Ada Byron Jr',
          first_name: 'Ada',
          last_name: 'Byron',
          middle_name: 'K',
          prefix: 'Dr',
          suffix: 'Jr',
        },
        phone_numbers: [{ phone_number: '+4915112345678', type: 'WORK' }, { phone_number: '+4915187654321' }],
        email_addresses: [{ email_address: 'ada@example.com', type: 'HOME' }],
        organization: { company: 'Engines', department: 'Analysis', title: 'Head' },
        urls: [{ url: 'https://example.com/', type: 'WORK' }],
        addresses: [{ city: 'London', state: 'L', zip: 'W1', country: 'UK', country_code: 'gb', type: 'WORK' }],
        birthday: '1815-12-10',
      },
    });
  });

  it('is a contact card with the least on it', () => {
    const contact = { name: { formatted: 'Ada' }, phones: [{ phone: '+4915112345678' }] };

    expect(body({ type: 'contacts', contacts: [contact] })).toEqual({
      contact_info_message: { name: { full_name: 'Ada' }, phone_numbers: [{ phone_number: '+4915112345678' }] },
    });
  });

  it('is a choice between buttons', () => {
    const buttons = [
      { id: 'yes', title: 'Yes' },
      { id: 'no', title: 'No' },
    ];
    const choice = {
      text_message: { text: 'Sure?' },
      choices: [
        { text_message: { text: 'Yes' }, postback_data: 'yes' },
        { text_message: { text: 'No' }, postback_data: 'no' },
      ],
    };

    expect(body({ type: 'buttons', body: 'Sure?', buttons })).toEqual({ choice_message: choice });
    expect(body({ type: 'buttons', body: 'Sure?', footer: 'Care team', buttons })).toEqual({
      choice_message: { ...choice, message_properties: { whatsapp_footer: 'Care team' } },
    });
  });

  it('sinch-buttons-header: is a card below a header', () => {
    const content = { type: 'buttons', body: 'Choose', buttons: [{ id: 'y', title: 'Yes' }] };
    const choices = [{ text_message: { text: 'Yes' }, postback_data: 'y' }];

    expect(body({ ...content, header: 'Head' })).toEqual({
      card_message: { title: 'Choose', message_properties: { whatsapp_header: 'Head' }, choices },
    });
    expect(body({ ...content, header: { type: 'image', url: `${URL_}.png` }, footer: 'Care team' })).toEqual({
      card_message: { title: 'Choose', description: 'Care team', media_message: { url: `${URL_}.png` }, choices },
    });
  });

  it('is a list', () => {
    const sections = [
      { title: 'Fast', rows: [{ id: 'x', title: 'Express', description: 'Tomorrow' }] },
      { title: 'Slow', rows: [{ id: 's', title: 'Standard' }] },
    ];

    expect(body({ type: 'list', body: 'How?', button: 'Choose', header: 'Delivery', sections })).toEqual({
      list_message: {
        title: 'How?',
        sections: [
          { title: 'Fast', items: [{ choice: { title: 'Express', description: 'Tomorrow', postback_data: 'x' } }] },
          { title: 'Slow', items: [{ choice: { title: 'Standard', postback_data: 's' } }] },
        ],
        message_properties: { menu: 'Choose', whatsapp_header: 'Delivery' },
      },
    });
  });

  const buttons = [{ id: '1', title: 'A' }];

  it.each([
    ['content.type', { type: 'reaction', messageId: 'x', emoji: '👍' }],
    ['content.type', { type: 'reaction', messageId: 'x', emoji: '' }],
    ['content.mediaId', { type: 'image', mediaId: '1' }],
    ['content.mediaId', { type: 'document', mediaId: '1', caption: 'x', filename: 'x' }],
    ['content.header.mediaId', { type: 'buttons', body: 'x', header: { type: 'image', mediaId: '1' }, buttons }],
    ['content.header.type', { type: 'buttons', body: 'x', header: { type: 'document', url: URL_ }, buttons }],
    [
      'content.buttons.0.id',
      { type: 'buttons', body: 'x', header: 'x', buttons: [{ id: 'i'.repeat(230), title: 'A' }] },
    ],
    ['content.buttons.0.title', { type: 'buttons', body: 'x', header: 'x', buttons: [{ id: '1', title: '*A*' }] }],
    [
      'content.contacts.0.phones.0.waId',
      { type: 'contacts', contacts: [card({ phones: [{ phone: '1', waId: '1' }] })] },
    ],
    ['content.footer', { type: 'list', body: 'x', button: 'x', footer: 'x', sections: [{ rows: buttons }] }],
    ['content.contacts', { type: 'contacts', contacts: [card({}), card({})] }],
    ['content.contacts.0.phones', { type: 'contacts', contacts: [card({ phones: undefined })] }],
    ['content.contacts.0.phones', { type: 'contacts', contacts: [card({ phones: [] })] }],
    [
      'content.contacts.0.addresses.1.street',
      { type: 'contacts', contacts: [card({ addresses: [{ city: 'x' }, { street: 'x' }] })] },
    ],
  ])('is not carried, which is said at %s with the way out: %j', (path, content) => {
    expect(wire(content)).toEqual({
      kind: 'unsupported',
      unsupported: { path, message: expect.stringMatching(/^Sinch .+: .+\.$/) },
    });
  });
});
