import { defectsIn, NEVER, type Planted } from './planted.ts';

const CUSTOMER = 'shared/store/customer';
const SESSION = 'shared/store/session';
const CONSENT_TEST = { test: 'test/integration/store/customer/record-consent.test.ts' };
const MERGE_TEST = { test: 'test/unit/store/customer/merge-customers.test.ts' };

/** Changes of a customer's consent. */
export const CONSENT: readonly Planted[] = [
  ...defectsIn(`${CUSTOMER}/record-consent.ts`, [
    [
      'an older opt-in replaces a newer opt-out',
      "opted_in: '#consent.effectiveAt < :at'",
      "opted_in: '#consent.effectiveAt <> :at'",
      CONSENT_TEST,
    ],
    [
      'a consent is written where a name leads elsewhere',
      "'attribute_not_exists(movedTo)',\n      ...(record",
      `'${NEVER}',\n      ...(record`,
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/consent-history.ts`, [
    ['a change of consent is not counted', "{ ':none': 0, ':one': 1 }", "{ ':none': 0, ':one': 0 }"],
  ]),
  ...defectsIn(`${CUSTOMER}/merge-consents.ts`, [
    ['a merge is no change of consent', 'record.consentVersion)) + 1', 'record.consentVersion))', MERGE_TEST],
    [
      'of the consents of two names the first is kept, not the newer',
      'supersedes(consent, kept ?? UNKNOWN_CONSENT) ? consent : kept',
      'kept === undefined ? consent : kept',
      { test: 'test/property/one-person.test.ts' },
    ],
  ]),
];

/** One customer under several names. */
export const NAMES: readonly Planted[] = [
  ...defectsIn(`${CUSTOMER}/merge-customers.ts`, [
    [
      'of two windows the earlier goes on',
      'return one.lastInboundAt > other.lastInboundAt;',
      'return one.lastInboundAt < other.lastInboundAt;',
      MERGE_TEST,
    ],
    [
      'a message under the other name does not free the slot',
      '[record.lastOpenedAt, session?.lastInboundAt]',
      '[record.lastOpenedAt]',
      MERGE_TEST,
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/write-persons.ts`, [
    [
      'a merge overwrites a session that changed meanwhile',
      'itemUnchanged(session, SESSION_ATTRIBUTES)',
      `{ ConditionExpression: '${NEVER}' }`,
      { meeting: ['open', 'STOP', 'merge'] },
    ],
    [
      'a merge overwrites a customer who changed meanwhile',
      'itemUnchanged(record, CUSTOMER_ATTRIBUTES)',
      `{ ConditionExpression: '${NEVER}' }`,
      { meeting: ['open', 'consent by API', 'merge'] },
    ],
    [
      'a merged session leaves the due index',
      "...(stored?.['dueAt'] === undefined ? {} : dueAttributes(due)),",
      'dueShard: undefined, dueAt: undefined,',
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/reengagement-slot.ts`, [
    [
      'a failed template gives back no slot that a merge has moved',
      'if (merged !== undefined) return merged;',
      'if (merged !== undefined) return undefined;',
      { test: 'test/integration/outbound/names.test.ts' },
    ],
    [
      'a failed template gives back no slot of whom had the number before',
      'if (movedTo !== undefined) return { movedTo };',
      '',
      { test: 'test/simulation/new-owner.test.ts' },
    ],
    [
      'a failed template takes the slot again',
      "UpdateExpression: 'DELETE slotHolders :holder'",
      "UpdateExpression: 'ADD slotHolders :holder'",
      { test: 'test/integration/outbound/reengagement.test.ts' },
    ],
  ]),
];

/** Erasures, and what meets them. */
export const ERASURES: readonly Planted[] = [
  ...defectsIn(`${CUSTOMER}/erase-customer.ts`, [
    [
      'an erasure leaves the sends that were claimed meanwhile',
      'await removeLate(table, erase, { person, removed });',
      '',
      { meeting: ['open', 'session send', 'erase'] },
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/anonymize-person.ts`, [
    [
      'who is erased on one channel is not counted on the others first',
      'await countElsewhere(table, person);',
      '',
      { test: 'test/integration/store/customer/correct-members.test.ts' },
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/write-persons.ts`, [
    [
      'an ended session that has moved goes back to its end in the due index',
      'Math.max(session.expiresAt, carriedAt)',
      'Math.max(session.expiresAt, carried?.carriedAt ?? 0)',
      { test: 'test/integration/store/customer/link-names.test.ts' },
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/remove-rows.ts`, [
    [
      'the stream does not learn which sessions were erased',
      'if (data !== undefined) await markErased(table, [data.sessionId, ...data.absorbed], now);',
      '',
      { test: 'test/integration/privacy/erased-in-stream.test.ts' },
    ],
  ]),
  ...defectsIn(`${CUSTOMER}/remove-item.ts`, [
    [
      'a late message stays where the names of its erased customer were linked again',
      'item.window === undefined ? undefined : (item.countedAt ?? secondOf(item.sk));',
      'undefined as number | undefined;',
      { test: 'test/property/erasure-meets-writers.test.ts' },
    ],
  ]),
  ...defectsIn('shared/store/message/put-inbound.ts', [
    [
      'a message that comes again too late is removed with its erased session',
      'return keepStored(table, put, { item: first.failed.get(1), guards });',
      'return storedBefore(first.failed.get(1));',
      { test: 'test/integration/privacy/erased-in-stream.test.ts' },
    ],
  ]),
  ...defectsIn(`${SESSION}/identify-writer.ts`, [
    [
      'a message whose names are linked brings an erased customer back',
      '{ isLinked: true, isKnown: true };',
      '{ isLinked: true };',
      { meeting: ['ended', 'merge', 'erase'] },
    ],
  ]),
];
