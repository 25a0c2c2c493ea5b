import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lambdaEnv } from '../support/lambda-env.ts';
import { inOwnProcess } from '../support/own-process.ts';
import { onEngine } from './engine.ts';
import { webhookEvent } from './handlers.ts';
import type { Memory } from './memory.worker.ts';
import { NOON } from './noon.ts';
import { largestWebhook } from './scenarios.ts';
import { worker } from './support.ts';
import { textsOf } from './webhooks.ts';

export interface MemoryOf extends Memory {
  /** The limit of V8's young generation that the process is started with. */
  readonly semiSpace: string;
  readonly bodyBytes: number;
}

/** Gives the deployed bundle a small webhook, and then the largest several times. */
export const measureMemory = async (folder: string, rounds: number): Promise<readonly MemoryOf[]> => {
  const first = webhookEvent(textsOf([{ customer: 9_999, id: 'wamid.first', at: NOON }]));
  const events = [first, ...Array.from({ length: rounds }, (_, run) => largestWebhook(run))];
  const paths = events.map((event, index) => {
    const path = join(folder, `event-${index}.json`);
    writeFileSync(path, JSON.stringify(event));
    return path;
  });
  const measured: MemoryOf[] = [];
  for (const semiSpace of ['16 MiB', "V8's own"]) {
    const flags = semiSpace === '16 MiB' ? ['--max-semi-space-size=16'] : [];
    const memory = await onEngine(({ endpoint, provider }) =>
      inOwnProcess<Memory>(
        worker('memory'),
        [join(folder, 'inbound-webhook', 'index.mjs'), ...paths],
        { ...lambdaEnv(folder), AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ENDPOINT_URL_SECRETS_MANAGER: provider },
        flags,
      ),
    );
    measured.push({ ...memory, semiSpace, bodyBytes: events.at(-1)?.body?.length ?? 0 });
  }
  return measured;
};
