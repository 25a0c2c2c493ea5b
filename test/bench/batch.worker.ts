import { aMessage } from '../support/meta.ts';
import { createInbound, toWebhook } from './inbound.ts';

// The largest webhook that Meta sends: a thousand messages, three megabytes, delivered ten times.
const NOON = Date.UTC(2026, 10, 20, 12) / 1000;
const { deliver } = await createInbound(process.argv[2] ?? '', new Date((NOON + 60) * 1000));
const idleBytes = process.memoryUsage.rss();
const times: number[] = [];
let bytes = 0;
for (let delivery = 0; delivery < 10; delivery += 1) {
  const messages = Array.from({ length: 1_000 }, (_, index) =>
    aMessage({
      id: `wamid.${delivery}.${index}`,
      from: String(491_511_000_000 + index),
      timestamp: String(NOON + delivery),
      text: { body: 'x'.repeat(2_900) },
    }),
  );
  const body = toWebhook({ messages });
  bytes = body.length;
  const started = performance.now();
  await deliver(body);
  times.push(performance.now() - started);
}
process.send?.({ bytes, times, idleBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }, () => process.exit(0));
