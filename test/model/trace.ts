import * as z from 'zod';

/* Traces in the Informal Trace Format (apalache-mc.org/docs/adr/015adr-trace.html), as `quint run --mbt` writes them. */

const Int = z.object({ '#bigint': z.string() }).transform(({ '#bigint': digits }) => Number(digits));
const mapOf = <Value>(value: z.ZodType<Value>) =>
  z
    .object({ '#map': z.array(z.tuple([z.string(), value])) })
    .transform(({ '#map': pairs }): Readonly<Record<string, Value>> => Object.fromEntries(pairs));
const Names = z.object({ '#set': z.array(z.string()) }).transform(({ '#set': names }) => names);
const Message = z.object({ names: Names, at: Int });

/** What was picked without a rule; `undefined` where the step picks nothing of that name. */
const picked = <Value>(value: z.ZodType<Value>) =>
  z
    .object({ tag: z.enum(['Some', 'None']), value: z.unknown() })
    .transform(({ tag, value: given }): Value | undefined => (tag === 'Some' ? value.parse(given) : undefined));

const State = z.object({
  'mbt::actionTaken': z.string(),
  'mbt::nondetPicks': z.object({
    key: picked(z.string()),
    name: picked(z.string()),
    outcome: picked(z.string()),
    status: picked(z.string()),
    message: picked(Message),
  }),
  s: z.object({
    now: Int,
    answer: z.string(),
    calls: mapOf(Int),
    sends: mapOf(z.object({ name: z.string() })),
  }),
  view: mapOf(z.object({ isOpen: z.boolean(), isUsed: z.boolean() })),
});

/** One step of a trace: what was done, and what the model says that the API then shows. */
export interface Step {
  readonly action: string;
  readonly picks: Readonly<Record<'key' | 'name' | 'outcome' | 'status', string | undefined>>;
  readonly message: { readonly names: readonly string[]; readonly at: number };
  readonly now: number;
  readonly sends: Readonly<Record<string, { readonly name: string }>>;
  readonly expected: {
    readonly answer: string;
    readonly calls: number;
    readonly view: Readonly<Record<string, { readonly isOpen: boolean; readonly isUsed: boolean }>>;
  };
}

export interface Trace {
  readonly steps: readonly Step[];
}

const NO_MESSAGE = { names: [], at: 0 };

const toStep = ({ s, view, ...mbt }: z.output<typeof State>): Step => {
  const { message = NO_MESSAGE, ...picks } = mbt['mbt::nondetPicks'];
  const calls = Object.values(s.calls).reduce((sum, count) => sum + count, 0);
  return {
    action: mbt['mbt::actionTaken'],
    picks,
    message,
    now: s.now,
    sends: s.sends,
    expected: { answer: s.answer, calls, view },
  };
};

/** Reads a trace. */
export const readTrace = (text: string): Trace => ({
  steps: z
    .object({ states: z.array(State) })
    .parse(JSON.parse(text))
    .states.map(toStep),
});
