import type { DeadLetter, DeadLetterQueue } from '../../infra/operate/dead-letter-queue.ts';
import type { StreamPosition } from '../../infra/operate/stream-position.ts';

/** The message that Lambda sends for a batch it has given up, with ARNs of a fictitious account. */
export const aDeadLetter = ({
  batchSize = 1,
  ...position
}: Omit<StreamPosition, 'batchSize'> & { batchSize?: number }) =>
  JSON.stringify({
    requestContext: {
      requestId: '316aa6d0-8154-xmpl-9af7-85d5f4a6bc81',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:change-stream',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 9,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    timestamp: '2026-11-20T12:10:00.000Z',
    DDBStreamBatchInfo: {
      ...position,
      approximateArrivalOfFirstRecord: '2026-11-20T12:00:00Z',
      approximateArrivalOfLastRecord: '2026-11-20T12:00:00Z',
      batchSize,
    },
  });

/** A queue that behaves as SQS: a received letter is hidden until it is removed or released. */
export const aDeadLetterQueue = (bodies: readonly string[], perCall = 10) => {
  let visible: DeadLetter[] = bodies.map((body, index) => ({ receipt: String(index), body }));
  const hidden = new Set<DeadLetter>();
  const queue: DeadLetterQueue = {
    receive: async () => {
      const some = visible.slice(0, perCall);
      visible = visible.slice(perCall);
      for (const letter of some) hidden.add(letter);
      return some;
    },
    remove: async (letter) => void hidden.delete(letter),
    release: async (letter) => {
      if (hidden.delete(letter)) visible.push(letter);
    },
  };
  return { ...queue, visible: () => visible.map(({ body }) => body), hidden };
};
