import type { ListedSession, SessionRow } from './session-rows.ts';
import { secondsLeft } from './session-rows.ts';

export const FILTERS = ['all', 'closing', 'unanswered', 'in_doubt'] as const;
export type Filter = (typeof FILTERS)[number];

const CLOSING_SECONDS = 3_600;

/** Whether the customer has written and no one has answered since. */
export const isUnanswered = ({ lastInboundAt, lastAnswerAt }: ListedSession): boolean =>
  lastInboundAt !== null && (lastAnswerAt === null || lastAnswerAt < lastInboundAt);

export const isClosingSoon = (window: ListedSession, nowMs: number): boolean =>
  secondsLeft(window, nowMs) <= CLOSING_SECONDS;

const fitsFilter = (window: ListedSession, filter: Filter, nowMs: number): boolean => {
  if (filter === 'closing') return isClosingSoon(window, nowMs);
  return filter !== 'unanswered' || isUnanswered(window);
};

const searchable = ({ customer, names, profile }: ListedSession): string =>
  [customer, ...names.map(({ name }) => name), profile?.name ?? '', profile?.username ?? ''].join('\n').toLowerCase();

/** Whether the names of a customer contain the words of a search; a number may be written with spaces. */
const fitsSearch = (window: ListedSession, search: string): boolean => {
  const text = searchable(window);
  const digits = search.replaceAll(/[\s()+-]/g, '');
  if (/^\d{3,}$/.test(digits)) return text.includes(digits);
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** The rows that the user wants to see. */
export const filterRows = (
  rows: readonly SessionRow[],
  { filter, search }: { readonly filter: Filter; readonly search: string },
  nowMs: number,
): readonly SessionRow[] =>
  rows.filter(({ window }) => fitsFilter(window, filter, nowMs) && fitsSearch(window, search.trim()));
