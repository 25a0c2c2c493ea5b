import { describe, expect, it } from 'vitest';
import { Channel } from '../../../functions/shared/domain/config.ts';
import { isSelected, MAX_ATTEMPTS, retryDelaySeconds, selectionOf } from '../../../functions/shared/domain/delivery.ts';
import { DELIVERY_CASES } from '../../support/delivery-cases.ts';

describe('which events an endpoint gets', () => {
  it.each(DELIVERY_CASES)('$name: $selected', ({ events, event, selected }) => {
    const delivery = { url: 'https://crm.example.com/', events };
    const channel = Channel.parse({ id: 'support', account: 'shop-meta', deliveries: [delivery] });

    expect(isSelected(selectionOf(channel, delivery), event)).toBe(selected);
  });
});

describe('the next attempt', () => {
  const delay = (attempt: number, retryAfterSeconds?: number, random = 0) =>
    retryDelaySeconds({ attempt, retryAfterSeconds, random });

  it('comes after 5 s, 5 min, 30 min, 2 h, 5 h and then every 10 h, until there is none', () => {
    const delays = Array.from({ length: MAX_ATTEMPTS }, (_, index) => delay(index + 1));

    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000, undefined]);
    expect(delay(MAX_ATTEMPTS + 1)).toBeUndefined();
  });

  it('is up to a tenth later, never earlier', () => {
    expect(delay(2, undefined, 0.5)).toBe(315);
    expect(delay(2, undefined, 0.999)).toBe(330);
  });

  it('waits as long as the endpoint asks for, not shorter than planned', () => {
    expect(delay(1, 120)).toBe(120);
    expect(delay(3, 120)).toBe(1_800);
  });

  it('waits less than the 12 hours that a queue holds a message back', () => {
    expect(delay(1, 999_999)).toBe(42_900);
    expect(delay(MAX_ATTEMPTS - 1, 43_200, 0.999)).toBe(42_900);
  });

  it('is given up after the last one, whatever the endpoint asks for', () => {
    expect(delay(MAX_ATTEMPTS, 60)).toBeUndefined();
  });
});
