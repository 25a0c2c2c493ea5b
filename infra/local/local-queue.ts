import { randomUUID } from 'node:crypto';
import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { DeliveryQueue } from '../../functions/shared/runtime/delivery-queue.ts';
import type { QueueBatch } from '../../functions/shared/runtime/queue-batch.ts';

/** Runs `task` after a delay; returns the cancellation. */
export type Schedule = (seconds: number, task: () => void) => () => void;

/** A timer that does not keep the process alive. */
const timerSchedule: Schedule = (seconds, task) => {
  const timer = setTimeout(task, seconds * 1000).unref();
  return () => clearTimeout(timer);
};

export interface LocalQueueOptions {
  /** Creates the consumer, which can change the visibility of its messages through `queue`. */
  readonly createHandler: (queue: DeliveryQueue) => (batch: QueueBatch) => Promise<BatchResponse>;
  readonly maxReceives: number;
  /** How long a failed message stays invisible unless the handler changes that. */
  readonly visibilitySeconds: number;
  /** @default - a timer */
  readonly schedule?: Schedule | undefined;
}

/** Tasks that run later, and can be cancelled together. */
const createDelays = (schedule: Schedule) => {
  const waiting = new Set<() => void>();
  return {
    after: (seconds: number, task: () => void): void => {
      const cancel = schedule(seconds, () => {
        waiting.delete(cancel);
        task();
      });
      waiting.add(cancel);
    },
    cancelAll: (): void => {
      for (const cancel of waiting) cancel();
    },
  };
};

/** A queue in memory that handles messages as SQS does: receive counts, visibility timeouts, dead letters. */
export const createLocalQueue = (options: LocalQueueOptions) => {
  const { createHandler, maxReceives, visibilitySeconds, schedule = timerSchedule } = options;
  const visibilityOf = new Map<string, number>();
  const deadLetters: string[] = [];
  const inFlight = new Set<Promise<void>>();
  const delays = createDelays(schedule);
  const handler = createHandler({
    changeVisibility: async (receipt, seconds) => void visibilityOf.set(receipt, seconds),
    send: async (bodies) => {
      for (const body of bodies) void receive(body, 1);
    },
  });
  const invoke = async (body: string, receives: number): Promise<void> => {
    const id = randomUUID();
    const attributes = { ApproximateReceiveCount: String(receives) };
    const { batchItemFailures } = await handler({ Records: [{ messageId: id, receiptHandle: id, body, attributes }] });
    if (batchItemFailures.length > 0)
      delays.after(visibilityOf.get(id) ?? visibilitySeconds, () => void receive(body, receives + 1));
    visibilityOf.delete(id);
  };
  const receive = (body: string, receives: number): Promise<void> => {
    if (receives > maxReceives) return Promise.resolve(void deadLetters.push(body));
    const invocation = invoke(body, receives).finally(() => inFlight.delete(invocation));
    inFlight.add(invocation);
    return invocation;
  };
  return {
    /** Resolves after the first receive. */
    put: (body: string): Promise<void> => receive(body, 1),
    /** The messages that were received too often. */
    deadLetters: (): readonly string[] => deadLetters,
    /** Receives the dead letters anew, each with all its attempts; returns their number. */
    redrive: (): number => {
      const bodies = deadLetters.splice(0);
      for (const body of bodies) void receive(body, 1);
      return bodies.length;
    },
    /** Waits for what is in flight, then cancels what waits. */
    stop: async () => {
      await Promise.allSettled(inFlight);
      delays.cancelAll();
    },
  };
};
