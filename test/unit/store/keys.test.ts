import { describe, expect, it } from 'vitest';
import { customerKey, messageKey, parseMessageKey, sendKey, sessionKey } from '../../../functions/shared/store/keys.ts';
import { aCustomer, aUserId, NOW } from '../../support/builders.ts';

const phone = aCustomer();
const userId = aUserId();
const MESSAGE_ID = 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R';

describe('the keys of a customer', () => {
  it('share one partition per channel and customer', () => {
    const pk = 'CUSTOMER#support#+15550783881';

    expect(sessionKey('support', phone)).toEqual({ pk, sk: 'SESSION' });
    expect(customerKey('support', phone)).toEqual({ pk, sk: 'CUSTOMER' });
    expect(messageKey({ channel: 'support', customer: phone, atMs: NOW.getTime(), id: 'wamid.1' })).toEqual({
      pk,
      sk: 'MSG#1795165200000#wamid.1',
    });
  });

  it('keep channels and customers apart', () => {
    const partitions = [
      sessionKey('support', phone),
      sessionKey('sales', phone),
      sessionKey('support', userId),
      sessionKey('support-sinch', phone),
    ].map(({ pk }) => pk);

    expect(new Set(partitions).size).toBe(4);
  });

  it('write a time of fewer digits with zeros before it', () => {
    expect(messageKey({ channel: 'support', customer: phone, atMs: 5, id: 'a' }).sk).toBe('MSG#0000000000005#a');
  });

  it.each([
    '',
    'CUSTOMER#support',
    'CUSTOMER##+15550783881',
    'CUSTOMER#support#',
    'CUSTOMER#support#no body',
    'CUSTOMER#support#12345',
    'SEND#msg_1',
    'xCUSTOMER#support#+15550783881',
  ])('"%s" is the partition of no customer', (pk) => {
    expect(parseMessageKey({ pk, sk: 'MSG#1795165200000#wamid.1' })).toBeUndefined();
  });
});

describe('the key of a send', () => {
  it('is made of the message id alone', () => {
    expect(sendKey(MESSAGE_ID)).toEqual({ pk: `SEND#${MESSAGE_ID}`, sk: 'SEND' });
  });
});
