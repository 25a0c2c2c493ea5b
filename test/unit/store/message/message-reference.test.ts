import { describe, expect, it } from 'vitest';
import { parseReference, toReference } from '../../../../functions/shared/store/message/message-reference.ts';
import { aCustomer, aUserId, NOW } from '../../../support/builders.ts';

const phone = aCustomer();
const MESSAGE_ID = 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R';

describe('a reference', () => {
  it('names the record of a message', () => {
    expect(toReference({ atMs: NOW.getTime(), id: MESSAGE_ID, customer: phone })).toBe(
      `cw1.1795165200000.${MESSAGE_ID}.+15550783881`,
    );
  });

  it('stays within the 512 characters that Meta carries, for the longest customer', () => {
    const customer = aUserId('x'.repeat(256));

    expect(toReference({ atMs: NOW.getTime(), id: MESSAGE_ID, customer }).length).toBeLessThanOrEqual(512);
  });

  it.each([
    '',
    'order-4711',
    '{"orderId":4711}',
    MESSAGE_ID,
    `cw1.${MESSAGE_ID}.+15550783881`,
    `cw2.1795165200000.${MESSAGE_ID}.+15550783881`,
    `cw1.179516520000.${MESSAGE_ID}.+15550783881`,
    `cw1.17951652000000.${MESSAGE_ID}.+15550783881`,
    `cw1.17951652000xx.${MESSAGE_ID}.+15550783881`,
    `cw1.1795165200000.msg_short.+15550783881`,
    `cw1.1795165200000.${MESSAGE_ID}.`,
    `cw1.1795165200000.${MESSAGE_ID}.no body`,
    `cw1.1795165200000.${MESSAGE_ID}.+15550783881\n`,
    ` cw1.1795165200000.${MESSAGE_ID}.+15550783881`,
  ])('is not read from what others gave their messages to carry: %j', (reference) => {
    expect(parseReference(reference)).toBeUndefined();
  });
});
