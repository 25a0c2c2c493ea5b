import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../functions/sessions-api/cursor.ts';

const THREAD = /^MSG#/;

describe('a cursor', () => {
  const cursor = encodeCursor('MSG#1795165200000#wamid.1');

  it('leads back to the sort key', () => {
    expect(decodeCursor(cursor, THREAD)).toBe('MSG#1795165200000#wamid.1');
  });

  it.each([
    { fact: 'empty', text: '' },
    { fact: 'made of an item of another list', text: encodeCursor('CONSENT#1795165200#1') },
    { fact: 'cut', text: cursor.slice(0, 3) },
    { fact: 'padded', text: `${cursor}==` },
    { fact: 'followed by something', text: `${cursor}!` },
    { fact: 'a sort key in plain text', text: 'MSG#1795165200000#wamid.1' },
    { fact: 'no text at all', text: Buffer.from([0x4d, 0x53, 0x47, 0x23, 0xff, 0xfe]).toString('base64url') },
  ])('that is $fact is refused', ({ text }) => {
    expect(decodeCursor(text, THREAD)).toBeUndefined();
  });
});
