import { describe, expect, it } from 'vitest';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { createEventSource } from '../../../infra/local/event-source.ts';
import { CHANNEL, CUSTOMER } from '../../support/arrivals.ts';
import { aStreamRecord } from '../../support/changes.ts';

const aRecord = () => aStreamRecord(sessionKey(CHANNEL, CUSTOMER), undefined, {});
const numberOf = ({ dynamodb }: ReturnType<typeof aRecord>) => dynamodb?.SequenceNumber ?? '';

/** An event source whose handler fails for one record, and reports it as the deployed one does. */
const aSource = (failing: ReturnType<typeof aRecord>) => {
  const batches: string[][] = [];
  let fails = true;
  const source = createEventSource(async ({ Records }) => {
    batches.push(Records.map(numberOf));
    const index = fails ? Records.indexOf(failing) : -1;
    if (index === 0 && Records.length > 1) throw new Error('the first record failed');
    return { batchItemFailures: index === -1 ? [] : [{ itemIdentifier: numberOf(failing) }] };
  });
  return { source, batches, heal: () => (fails = false) };
};

describe('the event source of the local stream', () => {
  it('delivers a batch once', async () => {
    const records = [aRecord(), aRecord()];
    const { source, batches } = aSource(aRecord());

    expect(await source.deliver(records)).toBe(true);
    expect(batches).toEqual([records.map(numberOf)]);
  });

  it('passes over no record that fails: it holds back those behind it, and is retried alone until it passes', async () => {
    const [first, second, third] = [aRecord(), aRecord(), aRecord()];
    const { source, batches, heal } = aSource(second);

    expect(await source.deliver([first, second, third])).toBe(false);
    for (let polls = 0; polls < 10; polls += 1) expect(await source.deliver([])).toBe(false);
    expect(new Set(batches.slice(1).map((batch) => batch.join()))).toEqual(new Set([numberOf(second)]));
    const fourth = aRecord();
    heal();
    batches.length = 0;

    expect(await source.deliver([fourth])).toBe(true);
    expect(batches).toEqual([[numberOf(second)], [third, fourth].map(numberOf)]);
  });

  it('retries the first record of a batch that fails as a whole alone', async () => {
    const [first, second] = [aRecord(), aRecord()];
    const { source, batches, heal } = aSource(first);

    expect(await source.deliver([first, second])).toBe(false);
    heal();

    expect(await source.deliver([])).toBe(true);
    expect(batches[0]).toEqual([first, second].map(numberOf));
    expect(batches.slice(-2)).toEqual([[numberOf(first)], [numberOf(second)]]);
  });
});
