import { describe, expect, it } from 'vitest';
import { SendRequest } from '../../../functions/shared/domain/content.ts';
import { uploadKey, uploadKeysIn, uploadsIn, withFiles } from '../../../functions/shared/domain/upload.ts';

const UPLOAD = `up_30_${'ab'.repeat(20)}.jpg`;
const KEY = `30/support/${'ab'.repeat(20)}.jpg`;
const contentOf = (content: object) => SendRequest.parse({ channel: 'support', to: '+15551234567', content }).content;
const header = { type: 'image', upload: UPLOAD };
const buttons = [{ id: 'a', title: 'A' }];
const card = (more: object = {}) => ({ header, body: 'One', buttons, ...more });

const CONTENTS: readonly (readonly [object, paths: readonly string[], kind: string])[] = [
  [{ type: 'image', upload: UPLOAD, caption: 'Hi' }, ['content.upload'], 'image'],
  [{ type: 'document', upload: UPLOAD, filename: 'a.jpg' }, ['content.upload'], 'document'],
  [{ type: 'audio', upload: UPLOAD, voice: true }, ['content.upload'], 'voice'],
  [{ type: 'sticker', upload: UPLOAD }, ['content.upload'], 'animated_sticker'],
  [{ type: 'buttons', header, body: 'B', buttons }, ['content.header.upload'], 'image'],
  [{ type: 'cta_url', header, body: 'B', button: 'Go', url: 'https://a.example' }, ['content.header.upload'], 'image'],
  [
    { type: 'carousel', body: 'B', cards: [card(), card()] },
    ['content.cards.0.header.upload', 'content.cards.1.header.upload'],
    'image',
  ],
];

describe('the uploads of a message', () => {
  it.each(CONTENTS)('are found in %j', (content, paths, kind) => {
    expect(uploadsIn(contentOf(content))).toEqual(paths.map((path) => ({ path, upload: UPLOAD, kind })));
  });

  it.each(CONTENTS)('are replaced by what the provider takes in %j', (content) => {
    const replaced = JSON.stringify(withFiles(contentOf(content), () => ({ mediaId: '77' })));

    expect(replaced).not.toContain(UPLOAD);
    expect(JSON.parse(replaced)).toEqual(
      JSON.parse(JSON.stringify(contentOf(content)).replaceAll(`"upload":"${UPLOAD}"`, '"mediaId":"77"')),
    );
  });

  it('are none in a text, a template, or a file with a link', () => {
    for (const content of [
      { type: 'text', text: UPLOAD },
      { type: 'template', name: 'a', language: 'en' },
      { type: 'image', url: 'https://a.example/a.jpg' },
      { type: 'buttons', header: 'H', body: 'B', buttons },
    ]) {
      expect(uploadsIn(contentOf(content))).toEqual([]);
      expect(withFiles(contentOf(content), () => ({ mediaId: '77' }))).toEqual(contentOf(content));
    }
  });

  it('cannot stand beside another place of the file', () => {
    const both = { type: 'image', upload: UPLOAD, mediaId: '77' };

    expect(() => contentOf(both)).toThrow('give one of url, mediaId and upload');
  });
});

describe('the name of an upload', () => {
  it('leads to its key in the bucket of its channel', () => {
    expect(uploadKey('support', UPLOAD)).toBe(KEY);
  });

  it.each(['up_30_short', `up_30_${'AB'.repeat(20)}`, `${UPLOAD}/../x`, `../${UPLOAD}`, ''])('is not %s', (upload) => {
    expect(uploadKey('support', upload)).toBeUndefined();
  });

  it('is found in stored content', () => {
    expect(uploadKeysIn('support', { type: 'carousel', cards: [{ header: { upload: UPLOAD } }] })).toEqual([KEY]);
    expect(uploadKeysIn('support', { type: 'text', text: 'Hello', old: null, at: 1 })).toEqual([]);
  });
});
