import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { createCodeSearch } from './code.ts';
import { createMetricWatch } from './metrics.ts';

const Line = z.looseObject({ level: z.string().optional() });

const parse = (line: string): z.infer<typeof Line> | undefined => {
  try {
    return Line.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** Reads what the functions write, as CloudWatch does: lines of JSON, and metrics in them. */
export const createLogWatch = (assembly: Assembly) => {
  const errors: string[] = [];
  const unreadable: string[] = [];
  const metrics = createMetricWatch(assembly, createCodeSearch(assembly));
  let faulty: string | undefined;
  return {
    take: (functionId: string, text: string): void => {
      const line = parse(text);
      if (line === undefined) return void unreadable.push(`${functionId}: ${text}`);
      metrics.take(line);
      if (faulty !== undefined && functionId.startsWith(faulty)) return;
      if (line.level === 'ERROR' || line.level === 'FATAL') errors.push(`${functionId}: ${text}`);
    },
    /** While a story runs, errors of a function are what it is about; its id begins with this. */
    expectErrors: async (prefix: string, story: () => Promise<void>): Promise<void> => {
      faulty = prefix;
      await story().finally(() => {
        faulty = undefined;
      });
    },
    metrics: metrics.report,
    /** Lines of the levels ERROR and FATAL. */
    errors,
    /** Lines that are no JSON, which CloudWatch would not index. */
    unreadable,
  };
};
