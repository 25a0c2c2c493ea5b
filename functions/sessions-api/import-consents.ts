import pMap from 'p-map';
import * as z from 'zod';
import type { ConsentChange } from '../shared/domain/consent.ts';
import { type CustomerKey, CustomerName } from '../shared/domain/customer.ts';
import { FieldError } from '../shared/http/problem.ts';
import { parseBody, parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { ConsentRequest, toConsentChange } from './consent-request.ts';
import { ofChannel } from './path-parameters.ts';
import type { StoreRuntime } from './store.ts';

const MAX_ROWS = 1_000;

/** 1,000 rows with texts of 2,000 letters fit; as an event of Lambda, which is at most 6 MB, the body is a third larger. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** No row starts later: half of the function's timeout is left for those that have started. */
const LAST_ROW_START_MS = 5_000;

/** Customers whose rows are recorded at the same time. */
const CONCURRENCY = 32;

const ConsentRow = ConsentRequest.extend({ customer: CustomerName });

/** The consents of up to 1,000 customers. */
export const ConsentsRequest = z
  .strictObject({ consents: z.array(ConsentRow).min(1).max(MAX_ROWS) })
  .meta({ id: 'ConsentsRequest' });

/** Each row is validated by itself, so that one that is invalid costs none of the others. */
const Rows = z.strictObject({ consents: z.array(z.unknown()).min(1).max(MAX_ROWS) });

export const ConsentRowAnswer = z
  .object({
    customer: z.string().optional().meta({ description: 'Absent where the row names none' }),
    outcome: z.enum(['applied', 'older', 'duplicate', 'invalid', 'retry_later']).meta({
      description:
        '`older`: in the history alone, a newer one is in force. `duplicate`: recorded before. `invalid`: nothing recorded, see `errors`. `retry_later`: did not fit into the time of the call, repeat the row',
    }),
    errors: z.array(FieldError).optional().meta({ description: 'Of an invalid row; paths are within the row' }),
  })
  .meta({ id: 'ConsentRowAnswer' });
type ConsentRowAnswer = z.infer<typeof ConsentRowAnswer>;
type Outcome = ConsentRowAnswer['outcome'];

interface ValidRow {
  readonly index: number;
  readonly customer: CustomerKey;
  readonly change: ConsentChange;
  readonly isDated: boolean;
}

interface Import {
  readonly runtime: StoreRuntime;
  readonly channel: string;
  readonly now: Date;
  readonly hasTime: () => boolean;
}

const NamedRow = z.looseObject({ customer: CustomerName });

const readRow = (row: unknown, index: number, now: Date): ValidRow | ConsentRowAnswer => {
  const parsed = parseWith(ConsentRow, row);
  if (!parsed.ok)
    return {
      customer: NamedRow.safeParse(row).data?.customer,
      outcome: 'invalid',
      errors: [...(parsed.problem.errors ?? [])],
    };
  const { customer, ...request } = parsed.value;
  const change = toConsentChange(request, now);
  if (!change.ok) return { customer, outcome: 'invalid', errors: [...(change.problem.errors ?? [])] };
  return { index, customer, change: change.value, isDated: request.effectiveAt !== undefined };
};

/**
 * Records one row. The same statement without a date counts at the second of its first recording, whenever the import is
 * repeated: else a repeat would undo what the customer has said since.
 */
const recordRow = async ({ runtime: { store, log }, channel, now }: Import, row: ValidRow): Promise<Outcome> => {
  const { customer, change, isDated } = row;
  const history = isDated ? [] : (await store.readConsent(channel, customer)).history;
  const effectiveAt = history.find(({ id }) => id === change.id)?.effectiveAt ?? change.effectiveAt;
  const { kind } = await store.recordConsent({ channel, customer, change: { ...change, effectiveAt }, now });
  if (kind === 'applied') log.count('ConsentsChanged');
  return kind === 'erased' ? 'retry_later' : kind;
};

/** Records a row while there is time; a fault leaves it for a repeat. */
const recordInTime = async (of: Import, row: ValidRow): Promise<Outcome> => {
  if (!of.hasTime()) return 'retry_later';
  try {
    return await recordRow(of, row);
  } catch (fault) {
    of.runtime.log.error('sessions-api.consent-failed', { channel: of.channel }, fault);
    return 'retry_later';
  }
};

/** Records the rows of one customer in their order; after one that could not be recorded, the others wait with it. */
const recordCustomer = async (of: Import, rows: readonly ValidRow[]): Promise<readonly ConsentRowAnswer[]> => {
  const answers: ConsentRowAnswer[] = [];
  let outcome: Outcome | undefined;
  for (const row of rows) {
    if (outcome !== 'retry_later') outcome = await recordInTime(of, row);
    answers.push({ customer: row.customer, outcome });
  }
  return answers;
};

/** Records the consents of up to 1,000 customers; answers 200 with one answer for each row, in their order. */
export const importConsents = ofChannel(async (runtime, { id: channel }, event) => {
  const body = parseBody(Rows, event, MAX_BODY_BYTES);
  if (!body.ok) return body.problem;
  const started = runtime.elapsed();
  const now = runtime.now();
  const hasTime = () => runtime.elapsed() - started < LAST_ROW_START_MS;
  const rows = body.value.consents.map((row, index) => readRow(row, index, now));
  const valid = rows.flatMap((row) => ('outcome' in row ? [] : [row]));
  const groups = Map.groupBy(valid, ({ customer }) => customer).values();
  const recorded = await pMap(
    groups,
    async (group) => ({ group, answers: await recordCustomer({ runtime, channel, now, hasTime }, group) }),
    { concurrency: CONCURRENCY },
  );
  const byIndex = new Map(
    recorded.flatMap(({ group, answers }) => group.map(({ index }, place) => [index, answers[place]] as const)),
  );
  return json(200, { consents: rows.map((row, index) => ('outcome' in row ? row : byIndex.get(index))) });
});
