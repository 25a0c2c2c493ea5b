import * as z from 'zod';

/** The bus will accept this entry at no attempt. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError';
}

const PERMANENT = [z.ZodError, InvalidEntryError, SyntaxError, TypeError, RangeError] as const;

/** AWS names a request that it can never accept. */
const INVALID_REQUEST = 'ValidationException';

/**
 * Whether a fault comes again at each attempt, because it lies in the record or in the code. Everything else passes: the bus
 * or the table does not answer, is throttled, or refuses until an operator has changed a permission.
 */
export const isPermanent = (fault: unknown): boolean =>
  PERMANENT.some((kind) => fault instanceof kind) || (fault instanceof Error && fault.name === INVALID_REQUEST);

/** The name of a fault; of an item that does not parse also the paths, which are names of attributes (R16). */
export const reasonOf = (fault: unknown): string => {
  if (!(fault instanceof Error)) return typeof fault;
  if (!(fault instanceof z.ZodError)) return fault.name;
  return `${fault.name}: ${fault.issues.map(({ path }) => path.join('.')).join(', ')}`;
};
