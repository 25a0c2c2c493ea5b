/** An event as it comes: at least once, and in any order. */
export interface Delivered {
  readonly detailType: string;
  readonly detail: string;
}

/** What the events of a customer carry. */
export interface Told<Data> {
  readonly id: string;
  readonly occurredAt: string;
  readonly channel: string;
  readonly customer: string;
  readonly sessionId?: string;
  readonly data: Data;
}

interface Window {
  readonly state: 'open' | 'closed';
  readonly expiresAt: string;
}

interface Dated {
  readonly atMs: number;
}

interface Session extends Dated {
  readonly channel: string;
  /** Whom the newest event of it names; of `customer.identified`, where there is one. */
  readonly customer: string;
  readonly isIdentified: boolean;
  readonly expiresAtMs: number;
  readonly isClosed: boolean;
  readonly mergedInto: string | undefined;
}

interface Consent extends Dated {
  readonly state: string;
}

interface VersionedConsent extends Consent {
  readonly version: number;
}

interface InForce {
  readonly state: string;
  readonly effectiveAt: string;
}

interface Names {
  readonly name: string;
  readonly names: readonly string[];
  readonly window?: Window;
  readonly consent?: { readonly all: InForce | null; readonly version: number };
}

/** What a customer begins with whose name was another one's before. */
interface Beginning extends Dated {
  readonly consent: VersionedConsent | undefined;
  readonly version: number;
}

interface Link extends Dated {
  readonly to: string;
}

/** So far apart may the clocks be by which two of them were told. */
const CLOCKS_MS = 2_000;

interface WindowQuery {
  readonly now: Date;
  readonly isAlone: boolean;
}

export interface Status {
  readonly status: string;
  readonly released?: boolean;
}

/** The statuses of a message as the documentation ranks them; `released` is a failure after which it may begin anew. */
const RANKS = ['accepted', 'released', 'in_doubt', 'held', 'sent', 'failed', 'delivered', 'read', 'played'];

export const rankOf = ({ status, released }: Status): number => RANKS.indexOf(released === true ? 'released' : status);

/** Keeps what was told as of the latest time. */
const keepLatest = <T extends Dated>(known: Map<string, T>, key: string, told: T): void => {
  const last = known.get(key);
  if (last === undefined || told.atMs >= last.atMs) known.set(key, told);
};

/**
 * A CRM that reads the published events and nothing else, in the order in which they happen to come. What is newer it takes
 * from the fields that the documentation names.
 */
export const createConsumer = () => {
  const sessions = new Map<string, Session>();
  /** Windows whose session their message did not name. */
  const windows = new Map<string, Omit<Session, 'isClosed' | 'isIdentified' | 'mergedInto'>>();
  const contents = new Map<string, unknown>();
  const statuses = new Map<string, Status>();
  const consents = new Map<string, readonly VersionedConsent[]>();
  const beginnings = new Map<string, Beginning>();
  const links = new Map<string, readonly Link[]>();

  const isNewer = (one: Session, other: Session): boolean =>
    one.isIdentified === other.isIdentified ? one.atMs >= other.atMs : one.isIdentified;

  const learnSession = (key: string, told: Session): void => {
    const known = sessions.get(key) ?? told;
    sessions.set(key, {
      ...(isNewer(told, known) ? told : known),
      expiresAtMs: Math.max(known.expiresAtMs, told.expiresAtMs),
      isClosed: known.isClosed || told.isClosed,
      mergedInto: known.mergedInto ?? told.mergedInto,
    });
  };

  const learnWindow = (
    key: string,
    { channel, customer, sessionId, occurredAt }: Told<unknown>,
    window: Window,
    isIdentified: boolean,
  ) => {
    const known = { channel, customer, expiresAtMs: Date.parse(window.expiresAt), atMs: Date.parse(occurredAt) };
    if (sessionId !== undefined)
      learnSession(sessionId, { ...known, isIdentified, isClosed: false, mergedInto: undefined });
    else if (window.state === 'open') windows.set(key, known);
  };

  const learnMessage = (told: Told<{ messageId: string; content: unknown; window?: Window }>): void => {
    const { channel, data } = told;
    const key = `${channel} ${data.messageId}`;
    contents.set(key, data.content);
    if (data.window !== undefined) learnWindow(key, told, data.window, false);
  };

  const learnStatus = ({ data }: Told<Status & { messageId: string }>): void => {
    const known = statuses.get(data.messageId);
    if (known === undefined || rankOf(data) > rankOf(known)) statuses.set(data.messageId, data);
  };

  const learnConsent = ({ channel, customer, data }: Told<InForce & { scope: string; version: number }>): void => {
    const { scope, state, effectiveAt, version } = data;
    const key = `${channel} ${customer} ${scope}`;
    consents.set(key, [...(consents.get(key) ?? []), { state, atMs: Date.parse(effectiveAt), version }]);
  };

  const learnBeginning = ({ channel, customer, occurredAt, data }: Told<Names>): void => {
    if (data.consent === undefined) return;
    const { all, version } = data.consent;
    const consent = all === null ? undefined : { state: all.state, atMs: Date.parse(all.effectiveAt), version };
    keepLatest(beginnings, `${channel} ${customer}`, { atMs: Date.parse(occurredAt), consent, version });
  };

  const consentOf = (channel: string, customer: string): Consent | undefined => {
    const { version = 0, consent } = beginnings.get(`${channel} ${customer}`) ?? {};
    const later = (consents.get(`${channel} ${customer} all`) ?? []).filter((one) => one.version >= version);
    const known = [...(consent === undefined ? [] : [consent]), ...later];
    return known.toSorted((one, other) => one.atMs - other.atMs).at(-1);
  };

  const learnNames = (told: Told<Names>): void => {
    learnBeginning(told);
    const { channel, customer, occurredAt, data } = told;
    for (const name of data.names) {
      const key = `${channel} ${name}`;
      links.set(key, [...(links.get(key) ?? []), { to: customer, atMs: Date.parse(occurredAt) }]);
    }
    if (data.window !== undefined && told.sessionId !== undefined) learnWindow('', told, data.window, true);
  };

  const learnEnd = (told: Told<{ expiresAt: string; mergedInto?: string }>, isClosed: boolean): void => {
    const { channel, customer, sessionId = '', occurredAt, data } = told;
    const [expiresAtMs, atMs] = [Date.parse(data.expiresAt), Date.parse(occurredAt)];
    const { mergedInto } = data;
    learnSession(sessionId, { channel, customer, isIdentified: false, expiresAtMs, atMs, isClosed, mergedInto });
  };

  const READERS: Readonly<Record<string, (detail: string) => void>> = {
    'message.received': (detail) => learnMessage(JSON.parse(detail)),
    'message.status': (detail) => learnStatus(JSON.parse(detail)),
    'consent.changed': (detail) => learnConsent(JSON.parse(detail)),
    'customer.identified': (detail) => learnNames(JSON.parse(detail)),
    'session.opened': (detail) => learnEnd(JSON.parse(detail), false),
    'session.closing': (detail) => learnEnd(JSON.parse(detail), false),
    'session.closed': (detail) => learnEnd(JSON.parse(detail), true),
  };

  const customersOf = (channel: string, name: string): readonly string[] => {
    const told = (links.get(`${channel} ${name}`) ?? []).toSorted((one, other) => other.atMs - one.atMs);
    const newest = told.filter(({ atMs }) => atMs + CLOCKS_MS >= (told[0]?.atMs ?? 0));
    return newest.length === 0 ? [name] : [...new Set(newest.map(({ to }) => to))];
  };
  const customerOf = (channel: string, name: string): string => customersOf(channel, name)[0] ?? name;

  /** Itself, or the one into which it was merged. */
  const lastOf = (session: Session): Session => {
    const next = session.mergedInto === undefined ? undefined : sessions.get(session.mergedInto);
    return next === undefined ? session : lastOf(next);
  };
  const goesOn = (session: Session): boolean => !lastOf(session).isClosed;

  return {
    take: ({ detailType, detail }: Delivered): void => READERS[detailType]?.(detail),
    /** To whom a name leads, the newest first; several were told of in the same second. */
    customersOf,
    /** When the window that a customer has now ends, under every name or that one alone; `undefined` where none is open. */
    windowOf: (channel: string, customer: string, { now, isAlone }: WindowQuery): number | undefined => {
      const isOfCustomer = (one: Pick<Session, 'channel' | 'customer'>): boolean =>
        one.channel === channel && (isAlone ? one.customer : customerOf(channel, one.customer)) === customer;
      const own = [...sessions.values()].filter((one) => isOfCustomer(isAlone ? one : lastOf(one)));
      const over = Math.max(0, ...own.filter((one) => !goesOn(one)).map(({ expiresAtMs }) => expiresAtMs));
      const open = own.filter(goesOn);
      // An erasure ends a window whose session it met before it was opened.
      const others = isAlone ? [] : [...windows.values()].filter((one) => isOfCustomer(one) && one.expiresAtMs > over);
      const end = Math.max(0, ...[...open, ...others].map(({ expiresAtMs }) => expiresAtMs));
      return end > now.getTime() ? end : undefined;
    },
    consentOf,
    statusOf: (messageId: string): string | undefined => statuses.get(messageId)?.status,
    contentOf: (channel: string, messageId: string): unknown => contents.get(`${channel} ${messageId}`),
    openSessions: (): readonly string[] => [...sessions].flatMap(([id, { isClosed }]) => (isClosed ? [] : [id])),
  };
};
export type Consumer = ReturnType<typeof createConsumer>;
