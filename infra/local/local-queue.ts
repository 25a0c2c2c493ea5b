import { randomUUID } from 'node:crypto';
import type { QueueBatch } from '../../functions/event-delivery/event-delivery.ts';
import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { DeliveryQueue } from '../../functions/shared/runtime/delivery-queue.ts';

/** Does something later; answers how to do it never. */
export type Schedule = (seconds: number, act: () => void) => () => void;

/** A timer that keeps no process alive. */
const onTimer: Schedule = (seconds, act) => {
  const timer = setTimeout(act, seconds * 1000).unref();
  return () => clearTimeout(timer);
};

export interface LocalQueueOptions {
  /** What the queue feeds, once it can hold messages back. */
  readonly createHandler: (queue: DeliveryQueue) => (batch: QueueBatch) => Promise<BatchResponse>;
  readonly maxReceives: number;
  /** How long a message is held back of which the handler says nothing. */
  readonly visibilitySeconds: number;
  /** @default - a timer */
  readonly schedule?: Schedule | undefined;
}

/** A queue in memory that does with its messages what SQS does: counts receipts, holds back, gives up. */
export const createLocalQueue = (options: LocalQueueOptions) => {
  const { createHandler, maxReceives, visibilitySeconds, schedule = onTimer } = options;
  const heldBack = new Map<string, number>();
  const deadLetters: string[] = [];
  const underWay = new Set<Promise<void>>();
  const waiting = new Set<() => void>();
  const handler = createHandler({ changeVisibility: async (receipt, seconds) => void heldBack.set(receipt, seconds) });
  const hand = async (body: string, receives: number): Promise<void> => {
    const id = randomUUID();
    const attributes = { ApproximateReceiveCount: String(receives) };
    const { batchItemFailures } = await handler({ Records: [{ messageId: id, receiptHandle: id, body, attributes }] });
    if (batchItemFailures.length > 0) later(heldBack.get(id) ?? visibilitySeconds, () => receive(body, receives + 1));
    heldBack.delete(id);
  };
  const receive = (body: string, receives: number): void => {
    if (receives > maxReceives) return void deadLetters.push(body);
    const handing = hand(body, receives).finally(() => underWay.delete(handing));
    underWay.add(handing);
  };
  const later = (seconds: number, act: () => void): void => {
    const cancel = schedule(seconds, () => {
      waiting.delete(cancel);
      act();
    });
    waiting.add(cancel);
  };
  return {
    put: (body: string) => receive(body, 1),
    /** The messages that were given up. */
    deadLetters: (): readonly string[] => deadLetters,
    /** Ends what waits, after what is under way. */
    stop: async () => {
      await Promise.allSettled(underWay);
      for (const cancel of waiting) cancel();
    },
  };
};
