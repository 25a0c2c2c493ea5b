import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBlocks } from '../support/blocks.ts';
import { toChart } from './chart.ts';
import { costTables } from './cost.ts';
import { toMarkdown } from './format.ts';
import type { Results } from './results.ts';
import { scaleAssumption, scaleTable } from './scale.ts';
import {
  behaviourTable,
  bundlesTable,
  contestTable,
  memoryTable,
  operationsTable,
  streamTable,
  unitsTable,
} from './tables.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');

/** Above this load other programs had a share in what was measured. */
const BUSY = 1;

/** The page of the figures of one run. */
export const toPage = (results: Results): string => {
  const { date, commit, machine, load } = results.origin;
  return `# Performance

\`npm run bench\` wrote this page on ${date}, at commit ${commit}, on ${machine}, at a load of ${load.toFixed(1)}. Absolute figures belong to that machine and to DynamoDB Local, which shares its processors. The ratios compare runs that took turns in one process.${load > BUSY ? ' The machine was busy with other programs, so the figures of this run are worth little: look at their spread.' : ''}

## Operations against their own requests

Whole handlers, bundled as they are deployed, 32 operations at a time: signature, parsing, rules, log lines and metrics included. *Raw requests* are the same requests with the same contents, sent by the same SDK to another table of the same DynamoDB Local; a send has its call of the provider in both. *Own CPU* is what the handler takes more of the processor than its raw requests do, both on answers of the table that were kept, with nothing else running. The median of ${results.origin.rounds} runs, with the smallest and the largest.

${toMarkdown(operationsTable(results))}

## Requests and capacity

As DynamoDB Local counts them, but for transactions, which are counted by DynamoDB's rules: two units for each item, and one for each entry of the index. A write of two kilobytes costs two units; a condition that does not hold costs one.

${toMarkdown(unitsTable(results))}

A send writes its claim, its message, the customer or a check of them, and the session or a check of it, in one transaction that costs each of the four items twice. One unit enters the message into the index, so that the sweep finds a send without an outcome; the outcome is one more, and leaves the index with another.

## Beside libraries

What a user would pick in place of CareWindow, each with the least code that stores a message and a window of 24 hours in DynamoDB (\`test/bench/peers\`), bundled in the same way. One webhook has one text of a known customer. All take turns on one DynamoDB Local, each in a process and a database of its own; the limit is the two writes alone, without a webhook.

![Webhooks a second, as a share of the two writes alone](performance.svg)

${toMarkdown(contestTable(results))}

The libraries write both items without a condition. CareWindow compares the time of the message with the window that is stored, keeps both names of the customer together, and writes its log lines and metrics. What that buys:

${toMarkdown(behaviourTable(results))}

## The stream

One shard of the table's stream, whose batches of ${results.stream.batch} changes are processed one after another, with a bus that answers each PutEvents after ${results.stream.putEventsMs} ms. Each message is two changes. All changes of the burst are there at its beginning, so the last one waits longest. How late the stream is, Lambda's metric \`IteratorAge\` tells; the alarm of [stream lag](runbook.md#stream-lag) is raised at one minute.

${toMarkdown(streamTable(results))}

## The largest webhook

Meta sends up to a thousand messages in one body. The deployed bundle in a process of its own, which gets a small webhook first. Nearly all that it allocates is the SDK's, about a quarter of a megabyte for each request; how much of that lies around at a time follows from the size of V8's young generation.

${toMarkdown(memoryTable(results))}

## Cold starts

${toMarkdown(bundlesTable(results))}
`;
};

/** The calculation of the costs with the tables of one run. */
export const toCosts = (text: string, results: Results): string => {
  const { inbound, outbound, deliveries } = costTables(results);
  return withBlocks(text, {
    inbound: toMarkdown(inbound),
    outbound: toMarkdown(outbound),
    deliveries: toMarkdown(deliveries),
    scale: `${scaleAssumption()}\n\n${toMarkdown(scaleTable(results))}`,
  });
};

/** Writes the documents of the results. */
export const writeDocuments = (results: Results): void => {
  writeFileSync(join(DOCS, 'performance.md'), toPage(results));
  writeFileSync(join(DOCS, 'performance.svg'), toChart(results));
  const costs = join(DOCS, 'cost.md');
  writeFileSync(costs, toCosts(readFileSync(costs, 'utf8'), results));
};
