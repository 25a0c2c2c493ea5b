import { defectsIn, type Planted } from './planted.ts';

const DUE_TEST = { test: 'test/simulation/due/due.test.ts' };

/** What the sweep does once time has passed. */
export const SWEEP: readonly Planted[] = [
  ...defectsIn('shared/store/session/set-phases.ts', [
    [
      'a session that has ended stays in the due index',
      `update: \`SET phase = :phase \${REMOVE_DUE}\``,
      "update: 'SET phase = :phase'",
    ],
    ['a session that was not closing is never closed', "closed: ['open', 'closing'],", "closed: ['closing'],"],
    [
      'a sweep announces the end of a session that a message has extended meanwhile',
      'AND expiresAt = :sameEnd',
      'AND expiresAt >= :sameEnd',
      { meeting: ['closing', 'inbound', 'sweep'] },
    ],
  ]),
  ...defectsIn('shared/store/session/set-phases.ts', [
    [
      'the sweep leaves an early entry behind it',
      'if (isEarly(stored, rule)) await',
      'if (stored.dueAt === undefined) await',
      DUE_TEST,
    ],
    [
      'the entry of a session that is about to end stays early',
      `update: \`SET phase = :phase, \${set}\`, values`,
      "update: 'SET phase = :phase', values: set === '' ? values : {}",
      DUE_TEST,
    ],
  ]),
  ...defectsIn('shared/store/session/window-update.ts', [
    [
      'a message leaves every entry where it is',
      "conditions: ['dueAt > :edge'], values: { ':edge': edgeOf(message) }",
      "conditions: ['dueAt > :edge'], values: { ':edge': 0 }",
      DUE_TEST,
    ],
  ]),
  ...defectsIn('shared/store/session/find-closing.ts', [
    [
      'a list begins at the present second while the sweep pauses',
      'then((swept) => Math.min(swept, until))',
      'then((swept) => Math.max(swept, until))',
      DUE_TEST,
    ],
  ]),
  ...defectsIn('shared/store/session/list-closing.ts', [
    [
      'a count takes early entries for sessions that end then',
      'const exactTo = Math.min(span.to, swept);',
      'const exactTo = Math.max(span.to, swept);',
      DUE_TEST,
    ],
  ]),
  ...defectsIn('shared/store/due/find-due.ts', [
    [
      'the sweep skips an hour',
      'sweptUntil: until - OVERLAP_SECONDS[kind]',
      'sweptUntil: until + 3_600 + OVERLAP_SECONDS[kind]',
    ],
    [
      'the sweep finds no sends',
      "kind: kind === 'send' ? kind : 'session'",
      "kind: 'session'",
      { test: 'test/integration/events/sweep.test.ts' },
    ],
  ]),
];

/** What the stream makes of changes. */
export const STREAM: readonly Planted[] = [
  ...defectsIn('change-stream/change-stream.ts', [
    [
      'what could not be published is not tried again',
      "if (outcome.kind === 'failed') return void failed.add(index);",
      '',
      { test: 'test/integration/events/change-stream.test.ts' },
    ],
    [
      'a message of an erased customer stays',
      'await removeErased(runtime, [...progress.processed.keys()]);',
      '',
      { test: 'test/integration/privacy/erased-in-stream.test.ts' },
    ],
  ]),
  ...defectsIn('shared/store/usage/count-members.ts', [
    ['a customer is listed and not counted', 'addToMemberCount(table, key, { by: 1, expiresAt }),', ''],
    [
      'a message under a number that another one had before is taken for counted',
      ' || MemberItem.parse(member).isShared === true',
      '',
      { test: 'test/integration/store/customer/correct-members.test.ts' },
    ],
  ]),
  ...defectsIn('change-stream/count-usage.ts', [
    [
      'the owners of a number are counted as they were before a new one was known',
      'of namesWithOwners(change))',
      'of namesWithOwners({ ...change, before: change.after }))',
      { test: 'test/property/recycled-number.test.ts' },
    ],
  ]),
  ...defectsIn('shared/store/session/record-history.ts', [
    [
      'the history of an erased session is that of who comes back in its last second',
      'history, notErased]\n          :',
      'history]\n          :',
      { test: 'test/integration/privacy/erased-in-stream.test.ts' },
    ],
  ]),
  ...defectsIn('shared/store/dynamo/conditional-write.ts', [
    [
      'the repetition of our own write looks like that of another',
      'put.wasRepeated && isSame(put.item, item)',
      'false',
      { test: 'test/integration/store/dynamo/own-writes.test.ts' },
    ],
  ]),
];
