import { defectsIn, NEVER, type Planted } from './planted.ts';

const SESSION = 'shared/store/session';
const WINDOW_TEST = { test: 'test/unit/domain/window.test.ts' };

/** How a message opens and extends the window. */
export const WINDOW: readonly Planted[] = [
  ...defectsIn(`${SESSION}/window-update.ts`, [
    [
      'a message extends a session that has ended',
      "'expiresAt > :now',",
      "':now = :now',",
      {
        survives:
          'the entry of a session that has ended is within the edge, where the first update fails, and the second one is made for an open session alone',
      },
    ],
    ['an older message shortens the window', "'lastInboundAt < :at',", `'${NEVER}',`],
    [
      'a message extends a session that the provider closed',
      "'attribute_not_exists(providerClosedFor)',",
      `'${NEVER}',`,
      {
        meeting: ['open', 'inbound', 'window closed'],
        survives:
          'The one write that sets `providerClosedFor` sets the phase `closed` too, which the same condition excludes, and nothing opens a closed session again.',
      },
    ],
    [
      'a message extends a session without looking at the slot that was used after it',
      "'attribute_not_exists(slotUsedAt)',\n      'attribute_not_exists(movedTo)',",
      `'attribute_not_exists(movedTo)',`,
      { test: 'test/integration/outbound/reengagement.test.ts' },
    ],
    [
      'a message extends what leads to another name',
      "'attribute_not_exists(slotUsedAt)',\n      'attribute_not_exists(movedTo)',",
      `'attribute_not_exists(slotUsedAt)',`,
      {
        meeting: ['removed', 'inbound by user id', 'merge'],
        survives:
          'What leads to another name has no `expiresAt` and no `lastInboundAt`, so that the other comparisons of the same condition fail on it.',
      },
    ],
    [
      'a message with two names extends a session that knows one of them',
      "['contains(#names, :name)']",
      "['(contains(#names, :name) OR attribute_exists(pk))']",
      { test: 'test/integration/inbound/names.test.ts' },
    ],
    [
      'a message that frees the slot leaves its mark on the session',
      'REMOVE providerClosedFor, slotUsedAt`',
      'REMOVE providerClosedFor`',
      { test: 'test/integration/store/message/record-inbound.test.ts' },
    ],
    [
      'a message extends a session that the sweep closed meanwhile',
      'AND phase <> :closed`',
      'AND phase <> :at`',
      { test: 'test/integration/store/session/session-races.test.ts' },
    ],
    ['the due index has a session at its beginning', 'dueAt: expiresAtOf(at),', 'dueAt: at,'],
    [
      'a window is a second too short',
      'expiresAt: expiresAtOf(at),\n  phase',
      'expiresAt: expiresAtOf(at) - 1,\n  phase',
    ],
  ]),
  ...defectsIn(`${SESSION}/extend-session.ts`, [
    [
      'a session opens under a name that leads to another meanwhile',
      "'attribute_exists(pk) AND attribute_not_exists(movedTo)',",
      "'attribute_exists(pk)',",
      {
        meeting: ['removed', 'inbound by user id', 'merge'],
        survives:
          'One transaction makes both the session and the record of a name lead elsewhere, and the same transaction checks that the session does not.',
      },
    ],
    [
      'a session opens without looking whether a template has used the slot meanwhile',
      '    { ConditionCheck: { TableName, Key: customerKey(channel, customer), ...unchanged } },\n',
      '',
      { meeting: ['removed', 'inbound', 'template send'] },
    ],
    [
      'of two messages that open a session, the second overwrites the first',
      '...sessionUnchanged(state.session) } },',
      '} },',
      { meeting: ['ended', 'inbound', 'STOP'] },
    ],
    [
      'a message of the day before yesterday opens a session',
      'if (isTooLate(message.at, message.now)) return tooLate(message, customer);',
      '',
    ],
  ]),
  ...defectsIn(`${SESSION}/raise-last-opened.ts`, [
    [
      'a late message lowers the time of the last opening',
      "'(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)'",
      `'${NEVER}'`,
    ],
    [
      'a message that an erasure overtakes brings the customer back',
      "...(isKnown ? ['attribute_exists(pk)'] : []),",
      '',
      { test: 'test/integration/privacy/erased-stays-erased.test.ts' },
    ],
    [
      'the last opening is written where a name leads elsewhere',
      "'attribute_not_exists(movedTo)',",
      `'${NEVER}',`,
      { meeting: ['removed', 'inbound by user id', 'merge'] },
    ],
  ]),
  ...defectsIn('shared/domain/window.ts', [
    ['no message is too late', 'now.getTime() >= expiresAtOf(at) * 1000', 'now.getTime() < 0', WINDOW_TEST],
    [
      'a window is open for two days',
      'now.getTime() < session.expiresAt * 1000 &&',
      'now.getTime() < (session.expiresAt + 86_400) * 1000 &&',
      WINDOW_TEST,
    ],
    ['a clock that is a month ahead is believed', 'SKEW_SECONDS = 300', 'SKEW_SECONDS = 3_000_000'],
    ['a window is a minute too long', 'WINDOW_SECONDS = DAY_SECONDS', 'WINDOW_SECONDS = DAY_SECONDS + 60', WINDOW_TEST],
    ['a session closes an hour too late', "if (left <= 0) return 'closed'", "if (left <= -3_600) return 'closed'"],
  ]),
];
