import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../../functions/shared/domain/contact-content.ts';
import { SessionContent } from '../../../../functions/shared/domain/content.ts';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { toWire } from '../../../../functions/shared/providers/meta/to-wire.ts';
import type { OutboundMessage } from '../../../../functions/shared/providers/provider.ts';
import { aMetaChannel } from '../../../support/meta.ts';
import { aBody, aButton, aHeader, aTemplateContent, aText } from '../../../support/template-parts.ts';

const anOutbound = (overrides: Partial<OutboundMessage> = {}): OutboundMessage => ({
  channel: aMetaChannel(),
  to: CustomerKey.parse('+4915112345678'),
  content: { type: 'text', text: 'Hallo' },
  reference: 'msg_01',
  ...overrides,
});

/** As it goes over the wire. */
const wireOf = (overrides: Partial<OutboundMessage>) => JSON.parse(JSON.stringify(toWire(anOutbound(overrides))));

const ENVELOPE = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: '+4915112345678',
  biz_opaque_callback_data: 'msg_01',
};

describe('a message to Meta', () => {
  it('goes to a phone number with its plus sign', () => {
    expect(wireOf({})).toEqual({ ...ENVELOPE, type: 'text', text: { body: 'Hallo' } });
  });

  it('goes to a user id as its recipient', () => {
    const wire = wireOf({ to: CustomerKey.parse('DE.4000000000000001') });

    expect(wire).toMatchObject({ recipient: 'DE.4000000000000001' });
    expect(wire).not.toHaveProperty('to');
  });

  it('names the message that it answers', () => {
    expect(wireOf({ replyTo: 'wamid.IN1' })).toMatchObject({ context: { message_id: 'wamid.IN1' }, type: 'text' });
  });
});

describe('the content of a message to Meta', () => {
  it.each<[name: string, content: SessionContent, wire: object]>([
    ['text', { type: 'text', text: 'Hallo' }, { type: 'text', text: { body: 'Hallo' } }],
    [
      'text with a preview',
      { type: 'text', text: 'https://example.org', previewUrl: true },
      { type: 'text', text: { body: 'https://example.org', preview_url: true } },
    ],
    [
      'text without a preview',
      { type: 'text', text: 'https://example.org', previewUrl: false },
      { type: 'text', text: { body: 'https://example.org', preview_url: false } },
    ],
    [
      'image by link',
      { type: 'image', url: 'https://m.example/1.jpg', caption: 'Fluss' },
      { type: 'image', image: { link: 'https://m.example/1.jpg', caption: 'Fluss' } },
    ],
    ['image by id', { type: 'image', mediaId: '9001' }, { type: 'image', image: { id: '9001' } }],
    [
      'video',
      { type: 'video', url: 'https://m.example/1.mp4', caption: 'Film' },
      { type: 'video', video: { link: 'https://m.example/1.mp4', caption: 'Film' } },
    ],
    [
      'document',
      { type: 'document', mediaId: '9002', caption: 'Plan', filename: 'plan.pdf' },
      { type: 'document', document: { id: '9002', caption: 'Plan', filename: 'plan.pdf' } },
    ],
    ['audio', { type: 'audio', mediaId: '9003' }, { type: 'audio', audio: { id: '9003' } }],
    [
      'sticker',
      { type: 'sticker', url: 'https://m.example/1.webp' },
      { type: 'sticker', sticker: { link: 'https://m.example/1.webp' } },
    ],
    [
      'location',
      { type: 'location', latitude: 52.5, longitude: -13.4, name: 'Depot', address: 'Ufer 1' },
      { type: 'location', location: { latitude: 52.5, longitude: -13.4, name: 'Depot', address: 'Ufer 1' } },
    ],
    [
      'buttons',
      {
        type: 'buttons',
        header: 'Termin',
        body: 'Passt das?',
        footer: 'Ihr Team',
        buttons: [
          { id: 'yes', title: 'Ja' },
          { id: 'no', title: 'Nein' },
        ],
      },
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          header: { type: 'text', text: 'Termin' },
          body: { text: 'Passt das?' },
          footer: { text: 'Ihr Team' },
          action: {
            buttons: [
              { type: 'reply', reply: { id: 'yes', title: 'Ja' } },
              { type: 'reply', reply: { id: 'no', title: 'Nein' } },
            ],
          },
        },
      },
    ],
    [
      'list',
      {
        type: 'list',
        body: 'Welche Filiale?',
        button: 'Auswahl',
        sections: [{ title: 'Nord', rows: [{ id: 'n1', title: 'Hafen', description: 'am Wasser' }] }],
      },
      {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'Welche Filiale?' },
          action: {
            button: 'Auswahl',
            sections: [{ title: 'Nord', rows: [{ id: 'n1', title: 'Hafen', description: 'am Wasser' }] }],
          },
        },
      },
    ],
  ])('has the shape of the Cloud API: %s', (_, content, wire) => {
    expect(wireOf({ content: SessionContent.parse(content) })).toEqual({ ...ENVELOPE, ...wire });
  });

  it('reacts to the message of the provider, not as a reply to it', () => {
    expect(wireOf({ content: { type: 'reaction', messageId: 'msg_00', emoji: '🙏' }, replyTo: 'wamid.IN1' })).toEqual({
      ...ENVELOPE,
      type: 'reaction',
      reaction: { message_id: 'wamid.IN1', emoji: '🙏' },
    });
  });

  it('takes a reaction back with an empty emoji', () => {
    expect(
      wireOf({ content: { type: 'reaction', messageId: 'msg_00', emoji: '' }, replyTo: 'wamid.IN1' }),
    ).toMatchObject({ reaction: { message_id: 'wamid.IN1', emoji: '' } });
  });

  it('holds a whole contact card', () => {
    const same = {
      phones: [{ phone: '+49 30 123', type: 'WORK' }],
      emails: [{ email: 'ada@example.org', type: 'HOME' }],
      org: { company: 'Moor', department: 'Lab', title: 'Head' },
      urls: [{ url: 'https://example.org', type: 'WORK' }],
      birthday: '1990-02-03',
    };
    const place = { street: 'Ufer 1', city: 'Berlin', state: 'BE', zip: '10999', country: 'DE', type: 'WORK' };
    const contact: Contact = {
      ...same,
      name: { formatted: 'Dr. Ada B. Moor', first: 'Ada', last: 'Moor', middle: 'B.', prefix: 'Dr.', suffix: 'jr.' },
      addresses: [{ ...place, countryCode: 'de' }],
    };

    expect(wireOf({ content: SessionContent.parse({ type: 'contacts', contacts: [contact] }) })).toEqual({
      ...ENVELOPE,
      type: 'contacts',
      contacts: [
        {
          ...same,
          name: {
            formatted_name: 'Dr. Ada B. Moor',
            first_name: 'Ada',
            last_name: 'Moor',
            middle_name: 'B.',
            prefix: 'Dr.',
            suffix: 'jr.',
          },
          addresses: [{ ...place, country_code: 'de' }],
        },
      ],
    });
  });

  it.each<[name: Contact['name'], wire: object]>([
    [{ formatted: 'Ada Moor' }, { formatted_name: 'Ada Moor', first_name: 'Ada Moor' }],
    [
      { formatted: 'Ada Moor', last: 'Moor' },
      { formatted_name: 'Ada Moor', last_name: 'Moor' },
    ],
  ])('gives a contact the second name part that Meta wants: %j', (name, wire) => {
    expect(wireOf({ content: { type: 'contacts', contacts: [{ name }] } })).toMatchObject({
      contacts: [{ name: wire }],
    });
  });
});

describe('a template to Meta', () => {
  const templateOf = (...components: readonly object[]) =>
    wireOf({ content: aTemplateContent({ components }) }).template;

  it('goes by name and language, with nothing where nothing is filled in', () => {
    expect(wireOf({ content: aTemplateContent({ purpose: 'notification', fallbackLanguage: 'de' }) })).toEqual({
      ...ENVELOPE,
      type: 'template',
      template: { name: 'parcel_news', language: { code: 'en_US' } },
    });
  });

  it('goes with its components as WhatsApp spells them', () => {
    const image = { type: 'image', image: { id: '1013859600285441' } };
    const named = aText('LX-204', { parameter_name: 'parcel' });

    expect(templateOf(aHeader(image), aBody(named), aButton(0, 'URL', aText('summer'))).components).toEqual([
      { type: 'header', parameters: [image] },
      { type: 'body', parameters: [named] },
      { type: 'button', sub_type: 'url', index: '0', parameters: [aText('summer')] },
    ]);
  });

  it('goes without the components that fill nothing in', () => {
    expect(templateOf(aBody(), aButton(0, 'quick_reply'))).not.toHaveProperty('components');
    expect(templateOf(aBody(aText()), aButton(0, 'quick_reply')).components).toHaveLength(1);
  });
});
