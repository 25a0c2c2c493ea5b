import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aChange, aMessage, aNotification, aValue } from '../../support/meta.ts';
import { createRandom, virtualize } from '../virtual.ts';
import { createFuzzWorld, type FuzzWorld } from './world.ts';

let fuzzed: FuzzWorld;
let restore: () => void;
beforeEach(() => {
  restore = virtualize({ random: createRandom(1), fetch: (request) => fuzzed.fetch(request) });
  fuzzed = createFuzzWorld();
  fuzzed.world.setNow(new Date('2026-11-20T12:00:00.000Z'));
});
afterEach(() => restore());

const timestamp = String(Date.parse('2026-11-20T11:59:00.000Z') / 1000);
const received = aNotification(aChange(aValue({ messages: [aMessage({ timestamp })] })));
const echoed = aNotification(
  aChange(aValue({ message_echoes: [aMessage({ timestamp, to: '4915112345678' })] }), 'smb_message_echoes'),
);

describe('a message that contradicts an earlier one', () => {
  it('is taken when its id and second are those of an echo, and the first keeps its place in the thread', async () => {
    const of = fuzzed.world.of('shop');
    await of.meta('shop-meta', echoed);

    expect(await of.meta('shop-meta', received)).toMatchObject({ status: 200 });
    expect(await of.show('support', '+4915112345678')).toMatchObject({ body: { state: 'open' } });
  });
});
