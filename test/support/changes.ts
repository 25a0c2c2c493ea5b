import { marshall } from '@aws-sdk/util-dynamodb';
import { expiresAtOf } from '../../functions/shared/domain/window.ts';
import type { Change, StreamRecord } from '../../functions/shared/store/changes.ts';
import type { SessionItem } from '../../functions/shared/store/items.ts';
import { type ItemKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { CHANNEL, CUSTOMER, NOON_SECONDS } from './arrivals.ts';

type SessionChange = Extract<Change, { kind: 'session' }>;

export const aSessionItem = (changes: Partial<SessionItem> = {}): SessionItem => ({
  sessionId: 'ses_1',
  openedAt: NOON_SECONDS,
  lastInboundAt: NOON_SECONDS,
  expiresAt: expiresAtOf(NOON_SECONDS),
  phase: 'open',
  ...changes,
});

export const aSessionChange = (before?: SessionItem, after?: SessionItem): SessionChange => ({
  kind: 'session',
  channel: CHANNEL,
  customer: CUSTOMER,
  before,
  after,
});

let sequence = 0;

/** A record as the stream carries it, of that second. */
export const aStreamRecord = (
  key: ItemKey,
  before: object | undefined,
  after: object | undefined,
  at = NOON_SECONDS,
): StreamRecord => {
  sequence += 1;
  const image = (item: object) => marshall({ ...key, ...item }, { removeUndefinedValues: true });
  return {
    dynamodb: {
      SequenceNumber: String(sequence).padStart(21, '0'),
      ApproximateCreationDateTime: at,
      Keys: marshall({ ...key }),
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
    },
  };
};

export const aSessionRecord = (customer = CUSTOMER, item: object = aSessionItem()): StreamRecord =>
  aStreamRecord(sessionKey(CHANNEL, customer), undefined, item);
