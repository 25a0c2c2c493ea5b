import type { TestTable } from './table.ts';

class LostAnswer extends Error {
  override readonly name = 'TimeoutError';
}

/** The SDK sends each of the next so many writes twice: the first one takes effect, and its answer is lost. */
export const repeatWrites = ({ client }: Pick<TestTable, 'client'>, times = 1): void => {
  let left = times;
  const answered = new WeakSet<object>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isWrite = /Put|Update|Delete|Transact/.test(String(context['commandName']));
      const result = await next(args);
      if (!isWrite || left === 0 || answered.has(context)) return result;
      answered.add(context);
      left -= 1;
      throw new LostAnswer('the answer was lost');
    },
    // After the SDK's own retries in the stack, so that they repeat the request.
    { step: 'deserialize', priority: 'high', name: `lost answers ${Math.random()}` },
  );
};
