import { describe, expect, it } from 'vitest';
import type { WebhookItem } from '../../../../functions/shared/providers/provider.ts';
import { aChange, aNotification, parseMeta, type Wire } from '../../../support/meta.ts';

const TIME = 1_790_000_000;
const END_OF_SECOND = TIME * 1000 + 999;

const about = (fields: Wire = {}): Wire => ({
  message_template_id: 1_689_556_908_129_832,
  message_template_name: 'parcel_news',
  message_template_language: 'en-US',
  ...fields,
});

const inEntry = (change: unknown, entry: Wire = {}): Wire => ({
  ...aNotification(),
  entry: [{ id: '700000000000001', time: TIME, changes: [change], ...entry }],
});

const parse = (fields: Wire, field = 'message_template_status_update', entry?: Wire): readonly WebhookItem[] =>
  parseMeta(inEntry(aChange(about(fields), field), entry));

const changeIn = (...args: Parameters<typeof parse>) => {
  const [item] = parse(...args);
  return item?.kind === 'template' ? item.update.change : item;
};

const IGNORED = { kind: 'ignored', reason: 'other_event' };

describe('a webhook on the status of a template', () => {
  it('names the template with its language as sends write it, and the end of the second it happened in', () => {
    expect(parse({ event: 'PAUSED', message_template_category: 'MARKETING', reason: 'NONE' })).toEqual([
      {
        kind: 'template',
        update: {
          name: 'parcel_news',
          language: 'en_US',
          changedAtMs: END_OF_SECOND,
          change: { status: 'PAUSED', category: 'MARKETING' },
        },
      },
    ]);
  });

  it.each([
    ['APPROVED', 'APPROVED'],
    ['REINSTATED', 'APPROVED'],
    ['UNARCHIVED', 'APPROVED'],
    ['REJECTED', 'REJECTED'],
    ['PENDING', 'PENDING'],
    ['IN_APPEAL', 'IN_APPEAL'],
    ['PAUSED', 'PAUSED'],
    ['DISABLED', 'DISABLED'],
    ['ARCHIVED', 'ARCHIVED'],
    ['PENDING_DELETION', 'PENDING_DELETION'],
    ['DELETED', 'DELETED'],
  ])('%s makes it %s', (event, status) => {
    expect(changeIn({ event })).toEqual({ status });
  });

  it.each(['FLAGGED', 'LOCKED', 'LIMIT_EXCEEDED', 'SOMETHING_NEW', 'constructor'])('%s leaves it sendable', (event) => {
    expect(parse({ event })).toEqual([IGNORED]);
    expect(changeIn({ event, message_template_category: 'utility' })).toEqual({ category: 'UTILITY' });
  });

  it.each([{ time: undefined }, { time: 'soon' }, { time: -1 }])(
    'has no time where the entry has none: %j',
    (entry) => {
      expect(parse({ event: 'PAUSED' }, undefined, entry)).toMatchObject([
        { kind: 'template', update: { changedAtMs: undefined } },
      ]);
    },
  );

  it.each([{ id: '999' }, { id: undefined }])('of another business account is not ours: %j', (entry) => {
    expect(parse({ event: 'PAUSED' }, undefined, entry)).toEqual([{ kind: 'ignored', reason: 'foreign_number' }]);
  });

  it.each([
    [{ message_template_name: undefined }, 'template.message_template_name'],
    [{ message_template_language: 7 }, 'template.message_template_language'],
  ])('is malformed when it names no template: %j', (fields, reason) => {
    expect(parse({ event: 'PAUSED', ...fields })).toEqual([{ kind: 'malformed', reason }]);
  });
});

describe('a webhook on the quality of a template', () => {
  it.each(['message_template_quality_update', 'message_template_status_update'])(
    'is known by its content in %s',
    (field) => {
      expect(changeIn({ previous_quality_score: 'GREEN', new_quality_score: 'yellow' }, field)).toEqual({
        quality: 'YELLOW',
      });
    },
  );
});

describe('a webhook on the category of a template', () => {
  const FIELD = 'template_category_update';

  it('tells of a change that was made', () => {
    expect(changeIn({ previous_category: 'UTILITY', new_category: 'MARKETING' }, FIELD)).toEqual({
      category: 'MARKETING',
    });
  });

  it('tells the category of now when it announces a change', () => {
    const announced = {
      new_category: 'UTILITY',
      correct_category: 'MARKETING',
      category_update_timestamp: TIME + 86_400,
    };

    expect(changeIn(announced, FIELD)).toEqual({ category: 'UTILITY' });
  });
});

describe('a webhook on the components of a template', () => {
  const FIELD = 'message_template_components_update';

  it('tells of all that it can tell of', () => {
    const fields = {
      message_template_title: 'About {{1}}',
      message_template_element: 'Parcel {{1}}',
      message_template_footer: 'Care',
      message_template_buttons: [
        {
          message_template_button_type: 'PHONE_NUMBER',
          message_template_button_text: 'Call',
          message_template_button_phone_number: '+1',
        },
        {
          message_template_button_type: 'URL',
          message_template_button_text: 'Look',
          message_template_button_url: 'https://s.example/{{1}}',
        },
      ],
    };

    expect(changeIn(fields, FIELD)).toEqual({
      components: [
        { type: 'HEADER', format: 'TEXT', text: 'About {{1}}' },
        { type: 'BODY', text: 'Parcel {{1}}' },
        { type: 'FOOTER', text: 'Care' },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'PHONE_NUMBER', text: 'Call' },
            { type: 'URL', text: 'Look', url: 'https://s.example/{{1}}' },
          ],
        },
      ],
    });
  });

  it('tells of a body alone', () => {
    expect(changeIn({ message_template_element: 'Hi' }, FIELD)).toEqual({ components: [{ type: 'BODY', text: 'Hi' }] });
  });

  it('costs nothing else of its batch when it cannot be read', () => {
    const broken = aChange(about({ message_template_buttons: 'many' }), FIELD);
    const paused = aChange(about({ event: 'PAUSED' }), 'message_template_status_update');

    expect(parseMeta(inEntry(undefined, { changes: [broken, paused] })).map(({ kind }) => kind)).toEqual([
      'malformed',
      'template',
    ]);
  });
});
