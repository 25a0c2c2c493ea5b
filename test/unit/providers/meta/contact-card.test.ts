import { describe, expect, it } from 'vitest';
import { aMessageOf, readMessage, type Wire } from '../../../support/meta.ts';

const OWN = { phone: '+49 1511 2345678', wa_id: '4915112345678', type: 'CELL' };
const aCard = (overrides: Wire = {}): Wire => ({ origin: 'contact_request', phones: [OWN], ...overrides });
const VCARD = 'BEGIN:VCARD\nTEL;type=CELL;waid=4915112345678:+49 1511 2345678\nEND:VCARD';
const sharedBy = (cards: readonly unknown[], overrides: Wire = {}) =>
  readMessage(aMessageOf('contacts', cards, { from: undefined, ...overrides })).sharedPhone;

describe('the number that a customer shares on request', () => {
  it.each<[string, Wire]>([
    ['by its account', {}],
    ['as it is written, where no account is named', { phones: [{ phone: '+49 (1511) 234-5678' }] }],
    ['in a vCard', { phones: undefined, vcard: VCARD }],
    ['in a vCard beside a national number', { phones: [{ phone: '1511 2345678' }], vcard: VCARD }],
  ])('is read %s', (_, overrides) => {
    expect(sharedBy([aCard(overrides)])).toBe('+4915112345678');
  });

  it.each<[string, readonly unknown[], Wire?]>([
    ['a card that the customer sends of their own accord', [aCard({ origin: 'other' })]],
    ['a card without an origin', [aCard({ origin: undefined })]],
    ['several cards', [aCard(), aCard()]],
    ['no card', []],
    ['a card without a number', [aCard({ phones: [] })]],
    ['a card with no readable number', [aCard({ phones: [{ phone: 'on request' }] })]],
    ['a card with a number that may be a national one', [aCard({ phones: [{ phone: '1511 2345678' }] })]],
    ['a message in a group', [aCard()], { group_id: 'G1' }],
  ])('is not in %s', (_, cards, overrides) => {
    expect(sharedBy(cards, overrides)).toBeUndefined();
  });

  it('stays a contact in the thread, and opens the session', () => {
    expect(readMessage(aMessageOf('contacts', [aCard()]))).toMatchObject({
      opens: true,
      content: { type: 'contacts', contacts: [{ origin: 'contact_request', phones: [{ waId: '4915112345678' }] }] },
    });
  });
});
