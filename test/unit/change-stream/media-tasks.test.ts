import { describe, expect, it } from 'vitest';
import { mediaTasksOf } from '../../../functions/change-stream/media-tasks.ts';
import { CHANNEL, CUSTOMER } from '../../support/arrivals.ts';

const message = (content: object, more: object = {}) =>
  ({ direction: 'inbound', id: 'wamid.1', at: 1_700, receivedAt: 1_800, content, ...more }) as never;
const IMAGE = { type: 'image', mediaId: '77' };
const of = (before: unknown, after: unknown) =>
  ({ kind: 'message', channel: CHANNEL, customer: CUSTOMER, before, after }) as never;

describe('a message with a file', () => {
  it('is copied on arrival where its channel captures media', () => {
    expect(mediaTasksOf(of(undefined, message(IMAGE)), { captureMedia: true })).toEqual([
      { task: 'copy', channel: CHANNEL, customer: CUSTOMER, atMs: 1_700, id: 'wamid.1' },
    ]);
  });

  it.each([undefined, { captureMedia: false }])('is not copied where the channel is %j', (channel) => {
    expect(mediaTasksOf(of(undefined, message(IMAGE)), channel)).toEqual([]);
  });

  it('is not copied again when it changes', () => {
    expect(mediaTasksOf(of(message(IMAGE), message(IMAGE)), { captureMedia: true })).toEqual([]);
  });

  it('takes its copy with it when it is removed, by any writer', () => {
    const copied = message(IMAGE, { fileKey: '30/support/ab' });

    expect(mediaTasksOf(of(copied, undefined), undefined)).toEqual([{ task: 'remove', key: '30/support/ab' }]);
    expect(mediaTasksOf(of(message(IMAGE), undefined), undefined)).toEqual([]);
  });
});

describe('a message of the business with an uploaded file', () => {
  it('takes the file with it when it is removed', () => {
    const content = { type: 'image', upload: `up_30_${'ab'.repeat(20)}.jpg` };
    const sent = { direction: 'outbound', id: 'msg_1', at: 1, content } as never;

    expect(mediaTasksOf(of(sent, undefined), undefined)).toEqual([
      { task: 'remove', key: `30/${CHANNEL}/${'ab'.repeat(20)}.jpg` },
    ]);
  });
});

describe('a message without a file', () => {
  it.each([{ type: 'text', text: 'Hi' }, { type: 'location', url: 'https://maps.example/1' }, { type: 'image' }])(
    'asks for nothing: %j',
    (content) => {
      expect(mediaTasksOf(of(undefined, message(content)), { captureMedia: true })).toEqual([]);
    },
  );
});
