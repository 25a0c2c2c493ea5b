import { describe, expect, it } from 'vitest';
import { OPENS_SESSION, opensSession, type ProviderFormat } from '../../../functions/shared/domain/opens-session.ts';

/** Rule R4 as the design states it: the expectation is written out here and not derived from the code. */
const OPENS: Readonly<Record<ProviderFormat, readonly string[]>> = {
  meta: [
    'text',
    'image',
    'audio',
    'video',
    'document',
    'sticker',
    'location',
    'contacts',
    'interactive.button_reply',
    'interactive.list_reply',
    'interactive.nfm_reply',
    'interactive.call_permission_reply.user_action',
    'button',
    'order',
    'unsupported',
    'call.connect',
    'call.accepted',
  ],
  sinch: [
    'text_message',
    'media_message',
    'media_card_message',
    'location_message',
    'choice_response_message',
    'product_response_message',
    'channel_specific_message',
    'fallback_message',
    'unknown',
  ],
};

const DOES_NOT_OPEN: Readonly<Record<ProviderFormat, readonly string[]>> = {
  meta: [
    'reaction',
    'edit',
    'revoke',
    'system',
    'interactive.call_permission_reply.automatic',
    'group',
    'call.terminate',
    'messaging_handovers',
  ],
  sinch: ['reaction'],
};

/** Rows that a channel cannot switch. */
const isFixed = ({ kind }: { kind: string }) => kind !== 'reaction' && kind !== 'unsupported';

const FORMATS = ['meta', 'sinch'] as const;
const rowsOf = (table: typeof OPENS) => FORMATS.flatMap((format) => table[format].map((kind) => ({ format, kind })));

describe('what opens a session', () => {
  it.each(rowsOf(OPENS))('$format: $kind opens', ({ format, kind }) => {
    expect(opensSession(format, kind)).toBe(true);
  });

  it.each(rowsOf(DOES_NOT_OPEN))('$format: $kind does not open', ({ format, kind }) => {
    expect(opensSession(format, kind)).toBe(false);
  });

  it.each(FORMATS)('%s: the table has no row beyond the rule', (format) => {
    expect(Object.keys(OPENS_SESSION[format]).sort()).toEqual([...OPENS[format], ...DOES_NOT_OPEN[format]].sort());
  });
});

describe('a kind without a row', () => {
  const KINDS = [
    'poll',
    'interactive.hologram_reply',
    'untyped',
    '',
    'TEXT',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
  ];

  it.each(KINDS)('"%s" opens, as unsupported does', (kind) => {
    expect(opensSession('meta', kind)).toBe(true);
    expect(opensSession('sinch', kind)).toBe(true);
  });

  it.each(KINDS)('"%s" follows the switch of unsupported', (kind) => {
    expect(opensSession('meta', kind, { unsupported: false })).toBe(false);
    expect(opensSession('meta', kind, { unsupported: true, reaction: false })).toBe(true);
  });
});

describe('the switches of a channel', () => {
  it.each(FORMATS)('%s: reaction true lets a reaction open', (format) => {
    expect(opensSession(format, 'reaction', { reaction: true })).toBe(true);
    expect(opensSession(format, 'reaction', { reaction: false })).toBe(false);
  });

  it('lets a channel close itself to messages that Meta cannot show', () => {
    expect(opensSession('meta', 'unsupported', { unsupported: false })).toBe(false);
    expect(opensSession('meta', 'unsupported', { unsupported: true })).toBe(true);
  });

  it('an unset switch keeps the default', () => {
    expect(opensSession('meta', 'reaction', { reaction: undefined })).toBe(false);
    expect(opensSession('meta', 'unsupported', { unsupported: undefined })).toBe(true);
  });

  it('one switch does not move the other', () => {
    expect(opensSession('meta', 'reaction', { unsupported: true })).toBe(false);
    expect(opensSession('meta', 'unsupported', { reaction: false })).toBe(true);
  });

  it.each([true, false])('set to %s, move no other row', (value) => {
    const switches = { reaction: value, unsupported: value };

    for (const { format, kind } of rowsOf(OPENS).filter(isFixed))
      expect(opensSession(format, kind, switches)).toBe(true);
    for (const { format, kind } of rowsOf(DOES_NOT_OPEN).filter(isFixed))
      expect(opensSession(format, kind, switches)).toBe(false);
  });
});
