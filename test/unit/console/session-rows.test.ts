import { describe, expect, it } from 'vitest';
import {
  type ListedSession,
  mergeAsked,
  mergePage,
  mergeWindows,
  NO_ROWS,
  openRows,
  secondsLeft,
  sortRows,
} from '../../../functions/console/page/sessions/session-rows.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

const aWindow = (customer: string, seconds: number): ListedSession => ({
  channel: 'support',
  customer,
  names: [],
  state: 'open',
  openedAt: null,
  lastInboundAt: null,
  expiresAt: new Date(NOW + seconds * 1000).toISOString(),
  remainingSeconds: seconds,
  allowed: ['session'],
  consent: { state: 'unknown' },
  reengagement: { available: true },
  entryPoint: null,
  owner: null,
  nextAction: 'none',
  profile: null,
  lastAnswerAt: null,
});

const customers = (rows: Parameters<typeof sortRows>[0], nowMs = NOW) =>
  openRows(sortRows(rows), nowMs).map(({ window }) => window.customer);

const FIRST = { sessions: [aWindow('a', 10), aWindow('b', 20)], next: 'second' };
const SECOND = { sessions: [aWindow('c', 30), aWindow('d', 40)] };

/** Two pages, read one after the other. */
const twoPages = () =>
  mergePage(mergePage(NO_ROWS, FIRST, { cursor: undefined, readAt: 1 }), SECOND, { cursor: 'second', readAt: 2 });

describe('the rows of the session list', () => {
  it('are sorted by their end, and continue page by page', () => {
    const first = mergePage(NO_ROWS, FIRST, { cursor: undefined, readAt: 1 });
    expect(first).toMatchObject({ next: 'second', last: undefined });

    const both = twoPages();

    expect(customers(both)).toEqual(['a', 'b', 'c', 'd']);
    expect(both).toMatchObject({ next: undefined, last: 'second' });
  });

  it('lose what the first page no longer has, and keep what follows it', () => {
    const later = { sessions: [aWindow('b', 20), aWindow('x', 25)], next: 'second' };

    const rows = mergePage(twoPages(), later, { cursor: undefined, readAt: 3 });

    expect(customers(rows)).toEqual(['b', 'x', 'c', 'd']);
    expect(rows).toMatchObject({ next: undefined, last: 'second' });
  });

  it('gain new customers at the end, when the last page is read again', () => {
    const rows = mergePage(
      twoPages(),
      { sessions: [...SECOND.sessions, aWindow('new', 86_400)], next: 'third' },
      {
        cursor: 'second',
        readAt: 3,
      },
    );

    expect(customers(rows).at(-1)).toBe('new');
    expect(rows.next).toBe('third');
  });

  it('are all there once the first page is the whole list', () => {
    const rows = mergePage(twoPages(), { sessions: [aWindow('b', 20)] }, { cursor: undefined, readAt: 3 });

    expect(customers(rows)).toEqual(['b']);
    expect(rows).toMatchObject({ next: undefined, last: undefined });
  });

  it('keep what was read last, whatever answer comes late', () => {
    const { rows } = twoPages();

    const moved = mergeWindows(rows, [aWindow('a', 500)], 5);
    const late = mergeWindows(moved, [aWindow('a', 10)], 4);

    expect(late.get('a')?.window.remainingSeconds).toBe(500);
  });

  it('take the answer under another name in place of the name that was asked for', () => {
    const { rows } = twoPages();

    const merged = mergeAsked(rows, ['a', 'b'], { windows: [aWindow('x', 15), aWindow('b', 25)], readAt: 5 });

    expect([...merged.keys()].sort()).toEqual(['b', 'c', 'd', 'x']);
  });

  it('are those that are open at the moment', () => {
    expect(customers(twoPages(), NOW + 20_000)).toEqual(['c', 'd']);
    expect(secondsLeft(aWindow('a', 10), NOW + 500)).toBe(10);
    expect(secondsLeft(aWindow('a', 10), NOW + 10_000)).toBe(0);
    expect(secondsLeft({ ...aWindow('a', 10), state: 'closed' }, NOW)).toBe(0);
  });
});
