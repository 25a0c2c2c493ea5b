/** What is to notice a defect; without a name the random histories, from seed 1 on. */
export interface Judge {
  /** A test file. */
  readonly test?: string;
  /** Two who meet in a story, in every order. */
  readonly meeting?: readonly [story: string, one: string, other: string];
}

/** A defect: this text of a file is replaced by that one. */
export interface Planted extends Judge {
  readonly file: string;
  /** What the code does wrong then. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** Why it changes nothing that anyone could notice. */
  readonly survives?: string;
}

type Defect = readonly [what: string, from: string, to: string, rest?: Judge & Pick<Planted, 'survives'>];

/** Defects of one file. */
export const defectsIn = (file: string, defects: readonly Defect[]): readonly Planted[] =>
  defects.map(([what, from, to, rest = {}]) => ({ file: `functions/${file}`, what, from, to, ...rest }));

/** A condition that always holds. */
export const NEVER = 'attribute_not_exists(nothing)';
