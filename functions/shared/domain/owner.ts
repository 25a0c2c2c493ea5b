import * as z from 'zod';
import { Instant } from './instant.ts';
import { toInstantOfMs } from './time.ts';
import { isOpen, type Session } from './window.ts';

/** Who sends through this service. */
export const CALLER_KINDS = ['person', 'bot'] as const;
export type CallerKind = (typeof CALLER_KINDS)[number];

export const OWNER_KINDS = [...CALLER_KINDS, 'meta_agent', 'phone_app'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Who holds a conversation; times in epoch milliseconds. */
export interface Owner {
  readonly kind: OwnerKind;
  readonly since: number;
  /** When the hold ends by itself. */
  readonly until?: number | undefined;
}

export const STORED_OWNER_KINDS = [...OWNER_KINDS, 'none'] as const;

/** The last word on who holds a conversation: a release keeps its time, so that an older report does not undo it. */
export interface OwnerRecord extends Omit<Owner, 'kind'> {
  readonly kind: (typeof STORED_OWNER_KINDS)[number];
  /** Of `none`: a webhook said so, and no caller. */
  readonly reported?: boolean | undefined;
}

/**
 * Holds that end with the session in which they began. A person's does not: only a release, or its own `until`, ends it.
 * No one calls the service to release what was written on the phone, so that this hold ends with the session too.
 */
const ENDS_WITH_SESSION: Readonly<Record<OwnerKind, boolean>> = {
  person: false,
  bot: true,
  meta_agent: true,
  phone_app: true,
};

/**
 * Meta's agent lets a conversation go without a webhook: the customer's next message then comes to the app, and not in
 * `standby`.
 */
const isLeftByAgent = ({ since }: OwnerRecord, { lastInboundAt, standbyAt = 0 }: Session): boolean =>
  lastInboundAt > Math.max(standbyAt, Math.floor(since / 1000));

/** Who holds the conversation at a moment; `undefined` when no one does. */
export const ownerAt = (
  record: OwnerRecord | undefined,
  session: Session | undefined,
  now: Date,
): Owner | undefined => {
  if (record === undefined || record.kind === 'none') return undefined;
  const { kind, since, until = Number.POSITIVE_INFINITY } = record;
  if (now.getTime() >= until) return undefined;
  if (!ENDS_WITH_SESSION[kind]) return { kind, since, until: record.until };
  if (!isOpen(session, now) || since < session.openedAt * 1000) return undefined;
  if (kind === 'meta_agent' && isLeftByAgent(record, session)) return undefined;
  return { kind, since, until: Math.min(until, session.expiresAt * 1000) };
};

/** Whether a person answers: at a desk, or on the phone. */
export const isHuman = (owner: Owner | undefined): boolean => owner?.kind === 'person' || owner?.kind === 'phone_app';

/** The word that follows another one; always a later one, so that callers can tell them apart. */
export const nextOwner = (
  before: OwnerRecord | undefined,
  { kind, until, now }: { readonly kind: OwnerRecord['kind']; readonly until?: number | undefined; readonly now: Date },
): OwnerRecord => ({
  kind,
  since: Math.max(now.getTime(), (before?.since ?? -1) + 1),
  ...(until === undefined ? {} : { until }),
});

/** What a webhook says of who answers a conversation; `app` is any sender but Meta's Business Agent and the phone. */
export interface OwnerReport {
  readonly kind: 'meta_agent' | 'phone_app' | 'app';
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/**
 * The word that follows from a webhook; `undefined` where it changes nothing: something newer is known, or who holds the
 * conversation goes on holding it. No webhook ends a person's hold, and the app that answers may be a bot of ours.
 */
export const reportedOwner = (
  record: OwnerRecord | undefined,
  { kind, atMs }: OwnerReport,
  { session, now }: { readonly session: Session | undefined; readonly now: Date },
): OwnerRecord | undefined => {
  if (record !== undefined && record.since >= atMs) return undefined;
  const held = ownerAt(record, session, now)?.kind;
  if (held === 'person' || held === kind) return undefined;
  if (kind !== 'app') return { kind, since: atMs };
  return held === 'bot' ? undefined : { kind: 'none', since: atMs, reported: true };
};

const isReport = ({ kind, reported = false }: OwnerRecord): boolean =>
  reported || kind === 'meta_agent' || kind === 'phone_app';

/** Whether a hold goes on after the next word: no webhook ends that of a person, except where it has ended by itself. */
const outlasts = ({ kind, until = Number.POSITIVE_INFINITY }: OwnerRecord, next: OwnerRecord): boolean =>
  kind === 'person' && isReport(next) && next.since < until;

/** The word that holds once several names are known to be of one person: the same in any order. */
export const mergedOwner = (records: readonly OwnerRecord[]): OwnerRecord | undefined =>
  records
    .toSorted((one, other) => one.since - other.since || (one.kind < other.kind ? -1 : 1))
    .reduce<OwnerRecord | undefined>(
      (owner, next) => (owner !== undefined && outlasts(owner, next) ? owner : next),
      undefined,
    );

/** An owner as the API and the events show it. */
export const OwnerView = z
  .object({
    kind: z.enum(OWNER_KINDS).meta({
      description:
        '`person` or `bot`: a caller of this service; `meta_agent`: Meta’s Business Agent; `phone_app`: a colleague in the WhatsApp Business app',
    }),
    since: Instant,
    until: Instant.optional().meta({ description: 'When the hold ends by itself, at the latest with the session' }),
  })
  .meta({ id: 'Owner' });
export type OwnerView = z.infer<typeof OwnerView>;

export const toOwnerView = (owner: Owner | undefined): OwnerView | null =>
  owner === undefined
    ? null
    : {
        kind: owner.kind,
        since: toInstantOfMs(owner.since),
        until: owner.until === undefined ? undefined : toInstantOfMs(owner.until),
      };
