import { defectsIn, NEVER, type Planted } from './planted.ts';

const MESSAGE = 'shared/store/message';
const SESSION = 'shared/store/session';
const DECISION_TEST = { test: 'test/unit/domain/send-decision.test.ts' };
const REENGAGEMENT_TEST = { test: 'test/integration/outbound/reengagement.test.ts' };
const IN_DOUBT_TEST = { test: 'test/integration/outbound/in-doubt.test.ts' };
const IDEMPOTENCY_TEST = { test: 'test/integration/outbound/idempotency.test.ts' };

/** What decides on a send, claims it and completes it. */
export const SENDS: readonly Planted[] = [
  ...defectsIn('shared/domain/send-decision.ts', [
    [
      'the slot is always free',
      'slot.usedAt > (lastOpenedAt ?? -1)',
      'slot.usedAt > (lastOpenedAt ?? -1) + 1e9',
      DECISION_TEST,
    ],
    [
      'a text may follow an opt-out in an open window',
      'session.lastInboundAt > consent.effectiveAt',
      'session.lastInboundAt >= 0',
      DECISION_TEST,
    ],
    [
      'a template may follow an opt-out',
      "if (customer.consent.state === 'opted_out') return OPTED_OUT;\n  if (category",
      'if (category',
      DECISION_TEST,
    ],
    [
      'a template needs no opt-in',
      "customer.consent.state !== 'opted_in'",
      "customer.consent.state === 'opted_out'",
      DECISION_TEST,
    ],
    [
      'a template takes the slot at the beginning of time',
      'Math.max(epochSeconds(now), (lastOpenedAt ?? -1) + 1)',
      '0',
      REENGAGEMENT_TEST,
    ],
  ]),
  ...defectsIn(`${MESSAGE}/claim-operations.ts`, [
    [
      'two requests claim one key',
      "? ITEM_ABSENT\n      : {\n          ConditionExpression: 'claimedBy",
      "? {}\n      : {\n          ConditionExpression: 'claimedBy",
      { test: 'test/integration/outbound/fences.test.ts' },
    ],
    [
      'an opt-out does not stop a send that was decided before',
      'AND consentVersion = :version`',
      'AND consentVersion >= :version`',
      { meeting: ['open', 'session send', 'STOP'] },
    ],
    [
      'a first opt-out does not stop a send that was decided before',
      'AND attribute_not_exists(consentVersion)`',
      `AND ${NEVER}\``,
      { meeting: ['unknown', 'session send', 'STOP'] },
    ],
    [
      'a send is claimed though its customer was erased meanwhile',
      "state.isKnown ? 'attribute_exists(pk) AND ' : ''",
      "''",
      {
        meeting: ['unknown', 'session send', 'erase'],
        survives:
          'Without a version of consent a send answers an open session, whose own condition fails once it is erased; with one, the comparison of the versions fails.',
      },
    ],
    [
      'an opt-out of marketing does not stop an offer that was decided before',
      "'consentVersion = :consentVersion',",
      "'consentVersion >= :consentVersion',",
      { meeting: ['removed', 'template send of marketing', 'STOP of marketing'] },
    ],
    [
      'a template that takes the slot leaves no mark on the session that has ended',
      'send), send), markSession(TableName, send)]',
      'send), send)]',
      { meeting: ['just ended', 'inbound by a clock that is late', 'template send'] },
    ],
    [
      'nothing waits for the outcome of a send',
      "...dueAttributes({ kind: 'send', channel: send.channel, customer: send.state.customer, dueAt }),",
      '',
    ],
  ]),
  ...defectsIn('outbound-send/replay.ts', [
    [
      'a repeat is decided anew while the first request runs',
      "if (message === 'running') return inProgress(id);",
      "if (message === 'running') return undefined;",
      IDEMPOTENCY_TEST,
    ],
    ['a repeat puts a running send in doubt', 'now().getTime() < message.leaseUntil', 'false', IDEMPOTENCY_TEST],
  ]),
  ...defectsIn(`${MESSAGE}/update-status.ts`, [
    [
      'no sweep looks again at a send in doubt',
      "update.to === 'in_doubt' ? dueAttributes",
      "update.to === 'held' ? dueAttributes",
    ],
  ]),
  ...defectsIn(`${MESSAGE}/settle-due.ts`, [
    [
      'the sweep leaves a send without an outcome as it is',
      'if (now.getTime() < message.leaseUntil) return undefined;',
      'return undefined;',
      IN_DOUBT_TEST,
    ],
  ]),
  ...defectsIn(`${MESSAGE}/complete-send.ts`, [
    [
      'a template that the provider refuses keeps the slot',
      "if (update.to === 'failed' && claimed.usesReengagement)",
      'if (claimed.id === undefined)',
      REENGAGEMENT_TEST,
    ],
  ]),
];

/** What providers report on messages. */
export const STATUSES: readonly Planted[] = [
  ...defectsIn('shared/domain/status.ts', [
    [
      'a failure follows a delivery',
      "failed: ['accepted', 'in_doubt', 'held', 'sent'],",
      "failed: ['accepted', 'in_doubt', 'held', 'sent', 'delivered'],",
      { test: 'test/unit/domain/status.test.ts' },
    ],
    [
      'a late report of sending follows a delivery',
      "sent: ['accepted', 'in_doubt', 'held'],",
      "sent: ['accepted', 'in_doubt', 'held', 'delivered', 'read'],",
      { test: 'test/integration/store/message/record-status.test.ts' },
    ],
    [
      'a late report of delivery follows a reading',
      "delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed'],",
      "delivered: ['accepted', 'in_doubt', 'held', 'sent', 'failed', 'read'],",
    ],
  ]),
  ...defectsIn(`${MESSAGE}/record-status.ts`, [
    [
      'a template that is reported as failed keeps the slot',
      'if (decision.usesReengagement) await releaseSlot(table, holder);',
      '',
      REENGAGEMENT_TEST,
    ],
  ]),
  ...defectsIn(`${SESSION}/record-provider-closed.ts`, [
    ['a session that the provider closed stays in the due index', ` \${REMOVE_DUE}`, ''],
    [
      'a refusal closes a window that a newer message opened',
      "'lastInboundAt = :decidedOn'",
      "'lastInboundAt >= :decidedOn'",
      { test: 'test/integration/store/session/session-races.test.ts' },
    ],
    ['a session that the provider closed stays open', 'phase = :closed, closedAt', 'closedPhase = :closed, closedAt'],
  ]),
];
