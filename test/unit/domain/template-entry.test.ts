import { describe, expect, it } from 'vitest';
import {
  applyChange,
  applyListed,
  isChangedSince,
  type TemplateEntry,
} from '../../../functions/shared/domain/template-entry.ts';
import { aTemplate } from '../../support/template-parts.ts';

const LISTED_AT = 1_000;
const listed = (overrides: Parameters<typeof aTemplate>[0] = {}, at = LISTED_AT): TemplateEntry =>
  applyListed(undefined, aTemplate(overrides), at);

describe('an entry of the registry', () => {
  it('begins with version 1 and what was listed', () => {
    expect(listed()).toEqual({
      ...aTemplate(),
      version: 1,
      changedAt: { status: 1_000, category: 1_000, quality: 1_000, components: 1_000, ttlSeconds: 1_000 },
    });
  });
});

describe('a webhook on a template', () => {
  it('changes one fact, grows the version by one and leaves the rest', () => {
    const entry = applyChange(listed(), { status: 'PAUSED' }, 2_000);

    expect(entry).toMatchObject({ status: 'PAUSED', category: 'UTILITY', version: 2 });
    expect(entry.changedAt).toEqual({
      status: 2_000,
      category: 1_000,
      quality: 1_000,
      components: 1_000,
      ttlSeconds: 1_000,
    });
  });

  it('changes several facts in one version', () => {
    expect(applyChange(listed(), { status: 'PAUSED', category: 'MARKETING' }, 2_000)).toMatchObject({
      status: 'PAUSED',
      category: 'MARKETING',
      version: 2,
    });
  });

  it('that is older than what is known changes nothing', () => {
    const entry = listed();

    expect(applyChange(entry, { status: 'PAUSED' }, 999)).toBe(entry);
  });

  it('that is older on one fact still tells of another', () => {
    const entry = applyChange(listed(), { status: 'PAUSED' }, 3_000);

    expect(applyChange(entry, { status: 'REJECTED', category: 'MARKETING' }, 2_000)).toMatchObject({
      status: 'PAUSED',
      category: 'MARKETING',
      version: 3,
    });
  });

  it('of the same time counts when it arrives later', () => {
    expect(applyChange(listed(), { status: 'PAUSED' }, LISTED_AT)).toMatchObject({ status: 'PAUSED' });
  });

  it('that says what is known makes it newer, without a new version', () => {
    const entry = applyChange(listed(), { status: 'APPROVED' }, 2_000);

    expect(entry).toMatchObject({ version: 1, changedAt: { status: 2_000 } });
    expect(applyChange(entry, { status: 'PAUSED' }, 1_500)).toBe(entry);
  });

  it('that comes again changes nothing at all', () => {
    const entry = applyChange(listed(), { status: 'PAUSED' }, 2_000);

    expect(applyChange(entry, { status: 'PAUSED' }, 2_000)).toBe(entry);
  });
});

describe('a webhook on the components', () => {
  const BODY = { type: 'BODY', text: 'New text {{1}}' };
  const IMAGE = { type: 'HEADER', format: 'IMAGE' };
  const TITLE = { type: 'HEADER', format: 'TEXT', text: 'Title' };

  it('replaces those it tells of', () => {
    const entry = listed({
      components: [TITLE, { type: 'BODY', text: 'Old' }, { type: 'FOOTER', text: 'F' }, { type: 'BUTTONS' }],
    });

    expect(applyChange(entry, { components: [BODY] }, 2_000)).toMatchObject({ components: [BODY], version: 2 });
  });

  it('keeps those it cannot tell of: the media of a header, and other kinds', () => {
    const components = [IMAGE, { type: 'BODY', text: 'Old' }, { type: 'CAROUSEL' }];

    expect(applyChange(listed({ components }), { components: [BODY] }, 2_000).components).toEqual([
      IMAGE,
      { type: 'CAROUSEL' },
      BODY,
    ]);
  });

  it('puts a text header in the place of an image', () => {
    expect(applyChange(listed({ components: [IMAGE] }), { components: [TITLE, BODY] }, 2_000).components).toEqual([
      TITLE,
      BODY,
    ]);
  });
});

describe('a list of the provider', () => {
  it('changes what differs, in one version', () => {
    const entry = applyListed(listed(), aTemplate({ status: 'PAUSED', quality: 'RED' }), 2_000);

    expect(entry).toMatchObject({ status: 'PAUSED', quality: 'RED', version: 2 });
    expect(entry.changedAt).toEqual({
      status: 2_000,
      category: 2_000,
      quality: 2_000,
      components: 2_000,
      ttlSeconds: 2_000,
    });
  });

  it('that says what is known is not written', () => {
    const entry = listed();

    expect(applyListed(entry, aTemplate(), 2_000)).toBe(entry);
  });

  it('does not undo what a webhook has told since it was asked for', () => {
    const entry = applyChange(listed(), { status: 'PAUSED' }, 2_500);

    expect(applyListed(entry, aTemplate({ status: 'APPROVED' }), 2_499)).toBe(entry);
    expect(applyListed(entry, aTemplate({ status: 'APPROVED', category: 'MARKETING' }), 2_400)).toMatchObject({
      status: 'PAUSED',
      category: 'MARKETING',
      version: 3,
      changedAt: { status: 2_500, category: 2_400 },
    });
  });

  it('counts from the moment it was asked for', () => {
    expect(applyListed(listed(), aTemplate({ status: 'PAUSED' }), LISTED_AT)).toMatchObject({ status: 'PAUSED' });
  });

  it('that is older than another changes nothing', () => {
    const entry = applyListed(listed(), aTemplate({ status: 'PAUSED' }), 3_000);

    expect(applyListed(entry, aTemplate(), 2_000)).toBe(entry);
  });

  it('takes a quality away that the provider no longer gives', () => {
    expect(applyListed(listed({ quality: 'GREEN' }), aTemplate(), 2_000).quality).toBeUndefined();
  });
});

describe('an entry that is no longer listed', () => {
  it('was heard of since when any fact is newer than the question', () => {
    const entry = applyChange(listed(), { quality: 'RED' }, 2_000);

    expect([1_999, 2_000, 2_001].map((askedAt) => isChangedSince(entry, askedAt))).toEqual([true, false, false]);
  });
});
