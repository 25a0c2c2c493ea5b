/** A defect: this text of a file is replaced by that one. */
export interface Planted {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Why no simulation notices it. */
  readonly survives?: string;
}

const SESSION = 'functions/shared/store/session';
const CUSTOMER = 'functions/shared/store/customer';
const MESSAGE = 'functions/shared/store/message';
const DOMAIN = 'functions/shared/domain';
const NEVER = 'attribute_not_exists(nothing)';

const windowUpdate = (from: string, to: string): Planted => ({ file: `${SESSION}/window-update.ts`, from, to });
const extend = (from: string, to: string): Planted => ({ file: `${SESSION}/extend-session.ts`, from, to });
const raise = (from: string, to: string): Planted => ({ file: `${SESSION}/raise-last-opened.ts`, from, to });
const claim = (from: string, to: string): Planted => ({ file: `${MESSAGE}/claim-operations.ts`, from, to });
const status = (from: string, to: string): Planted => ({ file: `${DOMAIN}/status.ts`, from, to });
const decision = (from: string, to: string): Planted => ({ file: `${DOMAIN}/send-decision.ts`, from, to });
const window = (from: string, to: string): Planted => ({ file: `${DOMAIN}/window.ts`, from, to });
const consent = (from: string, to: string): Planted => ({ file: `${CUSTOMER}/record-consent.ts`, from, to });
const merge = (from: string, to: string): Planted => ({ file: `${CUSTOMER}/merge-customers.ts`, from, to });
const persons = (from: string, to: string): Planted => ({ file: `${CUSTOMER}/write-persons.ts`, from, to });
const slot = (from: string, to: string): Planted => ({ file: `${CUSTOMER}/reengagement-slot.ts`, from, to });
const phases = (from: string, to: string): Planted => ({ file: `${SESSION}/set-phases.ts`, from, to });
const due = (from: string, to: string): Planted => ({ file: 'functions/shared/store/due/find-due.ts', from, to });
const stream = (from: string, to: string): Planted => ({ file: 'functions/change-stream/change-stream.ts', from, to });
const replay = (from: string, to: string): Planted => ({ file: 'functions/outbound-send/replay.ts', from, to });
const erase = (from: string, to: string): Planted => ({ file: `${CUSTOMER}/erase-customer.ts`, from, to });
const members = (from: string, to: string): Planted => ({
  file: 'functions/shared/store/usage/count-members.ts',
  from,
  to,
});

export const PLANTED: readonly Planted[] = [
  // The window.
  windowUpdate("'expiresAt > :now',", "':now = :now',"),
  windowUpdate("'lastInboundAt < :at',", `'${NEVER}',`),
  windowUpdate("'attribute_not_exists(providerClosedFor)',", `'${NEVER}',`),
  windowUpdate(
    "'attribute_not_exists(slotUsedAt)',\n      'attribute_not_exists(movedTo)',",
    `'attribute_not_exists(movedTo)',`,
  ),
  windowUpdate(
    "'attribute_not_exists(slotUsedAt)',\n      'attribute_not_exists(movedTo)',",
    `'attribute_not_exists(slotUsedAt)',`,
  ),
  windowUpdate("['contains(#names, :name)']", "['(contains(#names, :name) OR attribute_exists(pk))']"),
  windowUpdate('REMOVE providerClosedFor, slotUsedAt`', 'REMOVE providerClosedFor`'),
  windowUpdate('AND phase <> :closed`', 'AND phase <> :at`'),
  windowUpdate('dueAt: expiresAtOf(at) }', 'dueAt: at }'),
  windowUpdate('expiresAt: expiresAtOf(at),\n  phase', 'expiresAt: expiresAtOf(at) - 1,\n  phase'),
  extend("'attribute_exists(pk) AND attribute_not_exists(movedTo)',", "'attribute_exists(pk)',"),
  extend('    { ConditionCheck: { TableName, Key: customerKey(channel, customer), ...unchanged } },\n', ''),
  extend('...sessionUnchanged(state.session) } },', '} },'),
  extend('if (isTooLate(message.at, message.now)) return tooLate(message, customer);', ''),
  raise("'(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)'", `'${NEVER}'`),
  raise("...(isKnown ? ['attribute_exists(pk)'] : []),", ''),
  raise("'attribute_not_exists(movedTo)',", `'${NEVER}',`),
  window('now.getTime() >= expiresAtOf(at) * 1000', 'now.getTime() < 0'),
  window('now.getTime() < session.expiresAt * 1000 &&', 'now.getTime() < (session.expiresAt + 86_400) * 1000 &&'),
  window('SKEW_SECONDS = 300', 'SKEW_SECONDS = 3_000_000'),
  window('WINDOW_SECONDS = DAY_SECONDS', 'WINDOW_SECONDS = DAY_SECONDS + 60'),
  window("if (left <= 0) return 'closed'", "if (left <= -3_600) return 'closed'"),
  // Sends.
  decision('slot.usedAt > (lastOpenedAt ?? -1)', 'slot.usedAt > (lastOpenedAt ?? -1) + 1e9'),
  decision('session.lastInboundAt > consent.effectiveAt', 'session.lastInboundAt >= 0'),
  decision("if (customer.consent.state === 'opted_out') return OPTED_OUT;\n  if (category", 'if (category'),
  decision("customer.consent.state !== 'opted_in'", "customer.consent.state === 'opted_out'"),
  decision('Math.max(epochSeconds(now), (lastOpenedAt ?? -1) + 1)', '0'),
  claim(
    "? ITEM_ABSENT\n      : {\n          ConditionExpression: 'claimedBy",
    "? {}\n      : {\n          ConditionExpression: 'claimedBy",
  ),
  claim('AND consentVersion = :version`', 'AND consentVersion >= :version`'),
  claim('AND attribute_not_exists(consentVersion)`', `AND ${NEVER}\``),
  claim("state.isKnown ? 'attribute_exists(pk) AND ' : ''", "''"),
  claim("'consentVersion = :consentVersion',", "'consentVersion >= :consentVersion',"),
  claim('send), send), markSession(TableName, send)]', 'send), send)]'),
  claim("dueBucket: dueBucket({ kind: 'send', channel: send.channel, customer: send.state.customer, dueAt }),", ''),
  replay("if (message === 'running') return inProgress(id);", "if (message === 'running') return undefined;"),
  replay('now().getTime() < message.leaseUntil', 'false'),
  {
    file: `${MESSAGE}/update-status.ts`,
    from: "update.to === 'in_doubt' ? recheckBucket",
    to: "update.to === 'held' ? recheckBucket",
  },
  {
    file: `${MESSAGE}/settle-due.ts`,
    from: 'if (now.getTime() < message.leaseUntil) return undefined;',
    to: 'return undefined;',
  },
  {
    file: `${MESSAGE}/complete-send.ts`,
    from: "if (update.to === 'failed' && claimed.usesReengagement)",
    to: 'if (claimed.id === undefined)',
  },
  // Statuses.
  status(
    "failed: ['accepted', 'in_doubt', 'held', 'sent'],",
    "failed: ['accepted', 'in_doubt', 'held', 'sent', 'delivered'],",
  ),
  status("sent: ['accepted', 'in_doubt', 'held'],", "sent: ['accepted', 'in_doubt', 'held', 'delivered', 'read'],"),
  status(
    "delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed'],",
    "delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed', 'read'],",
  ),
  {
    file: `${MESSAGE}/record-status.ts`,
    from: 'if (decision.usesReengagement) await releaseSlot(table, holder);',
    to: '',
  },
  { file: `${SESSION}/record-provider-closed.ts`, from: ' REMOVE dueBucket', to: '' },
  {
    file: `${SESSION}/record-provider-closed.ts`,
    from: "'lastInboundAt = :decidedOn'",
    to: "'lastInboundAt >= :decidedOn'",
  },
  {
    file: `${SESSION}/record-provider-closed.ts`,
    from: 'phase = :closed, closedAt',
    to: 'closedPhase = :closed, closedAt',
  },
  // Consent.
  consent("opted_in: '#consent.effectiveAt < :at'", "opted_in: '#consent.effectiveAt <> :at'"),
  consent("'attribute_not_exists(movedTo)',\n      ...(record", `'${NEVER}',\n      ...(record`),
  { file: `${CUSTOMER}/consent-history.ts`, from: "{ ':none': 0, ':one': 1 }", to: "{ ':none': 0, ':one': 0 }" },
  { file: `${CUSTOMER}/merge-consents.ts`, from: 'record.consentVersion)) + 1', to: 'record.consentVersion))' },
  {
    file: `${CUSTOMER}/merge-consents.ts`,
    from: 'supersedes(consent, kept ?? UNKNOWN_CONSENT) ? consent : kept',
    to: 'kept === undefined ? consent : kept',
  },
  // Names.
  merge('return one.lastInboundAt > other.lastInboundAt;', 'return one.lastInboundAt < other.lastInboundAt;'),
  merge('[record.lastOpenedAt, session?.lastInboundAt]', '[record.lastOpenedAt]'),
  persons('itemUnchanged(session, SESSION_ATTRIBUTES)', `{ ConditionExpression: '${NEVER}' }`),
  persons('itemUnchanged(record, CUSTOMER_ATTRIBUTES)', `{ ConditionExpression: '${NEVER}' }`),
  persons("dueBucket: stored?.['dueBucket'] === undefined ? undefined : dueBucket(due),", 'dueBucket: undefined,'),
  slot("return mergedIn(written.failed.get(1)) ?? { written: 'no_slot' };", "return { written: 'no_slot' };"),
  slot("UpdateExpression: 'DELETE slotHolders :holder'", "UpdateExpression: 'ADD slotHolders :holder'"),
  // The sweep.
  phases("phase === 'closed' ? ' REMOVE dueBucket' : ''", "phase === 'open' ? ' REMOVE dueBucket' : ''"),
  phases("closed: ['open', 'closing'],", "closed: ['closing'],"),
  phases('AND expiresAt = :sameEnd', 'AND expiresAt >= :sameEnd'),
  due('sweptUntil: until - OVERLAP_SECONDS[kind]', 'sweptUntil: until + 3_600 + OVERLAP_SECONDS[kind]'),
  due("kind: kind === 'send' ? kind : 'session'", "kind: 'session'"),
  // The stream.
  stream("if (outcome.kind === 'failed') return void failed.add(index);", ''),
  stream('await removeErased(runtime, [...progress.processed.keys()]);', ''),
  members('addToMemberCount(table, key, { by: 1, expiresAt }),', ''),
  {
    file: 'functions/shared/store/dynamo/conditional-write.ts',
    from: 'put.wasRepeated && isSame(put.item, item)',
    to: 'false',
  },
  // Erasures.
  erase('await removeLateSends(table, erase, { person, removed });', ''),
  {
    file: `${CUSTOMER}/remove-rows.ts`,
    from: 'if (data !== undefined) await markErased(table, [data.sessionId, ...data.absorbed], now);',
    to: '',
  },
  { file: `${SESSION}/identify-writer.ts`, from: '{ isLinked: true, isKnown: true };', to: '{ isLinked: true };' },
];
