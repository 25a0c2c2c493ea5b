import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callLocal } from '../call-local.ts';
import type { LocalEvent } from '../local-api.ts';

/** What happened while the clock was moved. */
export interface Happened {
  readonly from: string;
  readonly to: string;
  readonly events: readonly LocalEvent[];
}

interface Clock {
  readonly now: string;
}

const readEvents = async (): Promise<readonly LocalEvent[]> =>
  (await callLocal<{ readonly events: readonly LocalEvent[] }>('GET', 'events')).events;

/** Moves the clock and runs the sweep there, as the schedule would have; collects the events of the way. */
export const useMoves = () => {
  const queries = useQueryClient();
  const [happened, setHappened] = useState<Happened>();
  const [isMoving, setIsMoving] = useState(false);
  const move = async (request: object | (() => Promise<object>)) => {
    setIsMoving(true);
    try {
      const [before, { now: from }] = await Promise.all([readEvents(), callLocal<Clock>('GET', 'clock')]);
      const { now: to } = await callLocal<Clock>(
        'POST',
        'clock',
        typeof request === 'function' ? await request() : request,
      );
      await callLocal('POST', 'sweep');
      setHappened({ from, to, events: (await readEvents()).slice(before.length) });
      void queries.invalidateQueries();
    } finally {
      setIsMoving(false);
    }
  };
  return { happened, isMoving, move, forget: () => setHappened(undefined) };
};
