import { describe, expect, it } from 'vitest';
import { SendRequest, type TemplateContent } from '../../../functions/shared/domain/content.ts';
import { checkTemplate } from '../../../functions/shared/domain/template-check.ts';
import { parseWith } from '../../../functions/shared/http/request.ts';
import { aSendRequest } from '../../support/builders.ts';

const parse = (content: unknown) => parseWith(SendRequest, aSendRequest({ content }));
const errorsOf = (content: unknown) => {
  const parsed = parse(content);
  return parsed.ok ? [] : (parsed.problem.errors ?? []);
};
const pathsOf = (content: unknown) => errorsOf(content).map(({ path }) => path);
const blank = (path: string) => [{ path, message: 'must not be blank' }];
const row = { id: 'r', title: 'Row' };

describe('a blank text', () => {
  it.each(['   ', '\n', '\u00a0 \t'])('is refused wherever WhatsApp shows it: %j', (value) => {
    expect(errorsOf({ type: 'text', text: value })).toEqual(blank('content.text'));
    const buttons = { type: 'buttons', body: 'Which?', buttons: [{ id: 'a', title: 'Yes' }] };
    expect(errorsOf({ ...buttons, body: value })).toEqual(blank('content.body'));
    expect(errorsOf({ ...buttons, header: value })).toEqual(blank('content.header'));
    expect(errorsOf({ ...buttons, buttons: [{ id: 'a', title: value }] })).toEqual(blank('content.buttons.0.title'));
    const list = { type: 'list', body: 'Which?', button: 'Choose', sections: [{ rows: [row] }] };
    expect(errorsOf({ ...list, button: value })).toEqual(blank('content.button'));
    expect(errorsOf({ ...list, sections: [{ rows: [{ ...row, title: value }] }] })).toEqual(
      blank('content.sections.0.rows.0.title'),
    );
  });
});

describe('reaction-word: a reaction', () => {
  const reaction = (emoji: string) => ({ type: 'reaction', messageId: 'wamid.1', emoji });

  it.each(['ok', '👍👍', '👍 ', ' ', '1', 'a', ':)', '👍!', '\u200d'])('is refused with %j', (emoji) => {
    expect(pathsOf(reaction(emoji))).toContain('content.emoji');
  });

  it.each(['👍', '👍🏽', '❤️', '❤', '👨‍👩‍👧‍👦', '👩🏻‍❤️‍💋‍👨🏿', '🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '👁‍🗨', ''])('goes with %j', (emoji) => {
    expect(errorsOf(reaction(emoji))).toEqual([]);
  });
});

describe('the extension of a media URL', () => {
  const url = (name: string) => `https://media.example.com/files/${name}`;

  it.each([
    ['image', ['a.gif', 'a.webp', 'a.PDF', 'a.mp4', 'a.heic?x=1', 'a.svg#b']],
    ['video', ['a.mov', 'a.avi', 'a.webm', 'a.png']],
    ['audio', ['a.wav', 'a.flac', 'a.jpg']],
    ['sticker', ['a.png', 'a.gif']],
  ])('is refused where WhatsApp cannot send the file as %s', (type, names) => {
    for (const name of names) expect(pathsOf({ type, url: url(name) }), name).toEqual(['content.url']);
  });

  it.each([
    ['image', ['a.jpg', 'a.JPEG', 'a.png?v=1.gif', 'a', 'a.php', 'v1.2/a', '?file=a.gif']],
    ['video', ['a.mp4', 'a.3gp']],
    ['audio', ['a.aac', 'a.m4a', 'a.mp4', 'a.amr', 'a.mp3', 'a.ogg', 'a.opus']],
    ['sticker', ['a.webp']],
    ['document', ['a.pdf', 'a.gif', 'a.exe']],
  ])('is taken where it can, and where it says nothing: %s', (type, names) => {
    for (const name of names) expect(errorsOf({ type, url: url(name) }), name).toEqual([]);
    expect(errorsOf({ type, url: 'https://media.example.zip' })).toEqual([]);
  });

  it('counts above buttons too', () => {
    const buttons = { type: 'buttons', body: 'Which?', buttons: [{ id: 'a', title: 'Yes' }] };

    expect(pathsOf({ ...buttons, header: { type: 'image', url: url('a.gif') } })).toEqual(['content.header.url']);
    expect(errorsOf({ ...buttons, header: { type: 'image', url: url('a.png') } })).toEqual([]);
  });
});

describe('template-newline: the values of a template', () => {
  const registered = (text: string) => ({
    name: 'order_update',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    version: 1,
    components: [{ type: 'BODY', text }],
  });
  const checked = (
    parameters: TemplateContent['components'][number]['parameters'],
    text = 'Hello {{1}}, order {{2}}.',
  ) => {
    const content = { type: 'template', name: 'order_update', language: 'en_US', purpose: 'notification' } as const;
    const check = checkTemplate([registered(text)], { ...content, components: [{ type: 'body', parameters }] });
    return check.kind === 'parameters_invalid' ? check.faults : [];
  };
  const text = (value: string, name?: string) => ({
    type: 'text',
    text: value,
    ...(name === undefined ? {} : { parameter_name: name }),
  });

  it.each(['line1\nline2', 'line1\r\nline2', 'a\tb', 'a     b', ' ', '\u00a0'])('are refused with %j', (value) => {
    expect(checked([text(value), text('x')])).toEqual([
      { path: 'components.0.parameters.0.text', message: expect.any(String) },
    ]);
  });

  it('are taken with four spaces in a row, and at the ends', () => {
    expect(checked([text('a    b'), text(' x ')])).toEqual([]);
  });

  it('are refused in a fallback value', () => {
    const currency = { fallback_value: '1\n€', code: 'EUR', amount_1000: 1_000 };

    expect(checked([{ type: 'currency', currency }, text('x')])).toMatchObject([
      { path: 'components.0.parameters.0.currency.fallback_value' },
    ]);
  });

  it('fill a body to 1,024 characters and not one more', () => {
    const fixed = 'Hello , order .'.length;

    expect(checked([text('x'), text('👋'.repeat(1_024 - fixed - 1))])).toEqual([]);
    expect(checked([text('x'), text('👋'.repeat(1_024 - fixed))])).toEqual([
      {
        path: 'components.0.parameters',
        message: 'fill the body to 1025 characters, WhatsApp allows at most 1024: give shorter values',
      },
    ]);
    expect(checked([text('x'.repeat(1_020), 'who')], 'Dear {{ who }}')).toMatchObject([
      { path: 'components.0.parameters' },
    ]);
  });
});

describe('contact-with-waid: a contact card', () => {
  const parsedCard = (card: unknown) => {
    const parsed = parse({ type: 'contacts', contacts: [card] });
    if (!parsed.ok) throw new Error(parsed.problem.detail);
    return parsed.value.content;
  };

  it('takes the WhatsApp id of each phone number', () => {
    const card = { name: { formatted: 'Ann' }, phones: [{ phone: '+15551230310', waId: '15551230310' }] };

    expect(parsedCard(card)).toEqual({ type: 'contacts', contacts: [card] });
  });

  it('has a name to show, where a card from the thread has none', () => {
    expect(parsedCard({ name: { first: 'Ann', last: 'Lee', middle: '' } })).toMatchObject({
      contacts: [{ name: { formatted: 'Ann Lee' } }],
    });
    expect(parsedCard({ phones: [{ waId: '15551230310', type: null }], org: null, urls: null })).toEqual({
      type: 'contacts',
      contacts: [{ name: { formatted: '+15551230310' }, phones: [{ phone: '+15551230310', waId: '15551230310' }] }],
    });
  });

  it('is refused without anything to show, and with a number that is none', () => {
    expect(pathsOf({ type: 'contacts', contacts: [{}] })).toEqual(['content.contacts.0.name.formatted']);
    expect(
      pathsOf({ type: 'contacts', contacts: [{ name: { formatted: 'Ann' }, phones: [{ type: 'WORK' }] }] }),
    ).toEqual(['content.contacts.0.phones.0.phone']);
  });
});
