import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { recipientLink } from '../../../functions/shared/domain/recipient-link.ts';

const W = CustomerKey.parse('+15550000001');
const CRM = CustomerKey.parse('+15550000109');
const U = CustomerKey.parse('US.1');

describe('the recipient of a message', () => {
  it('adds WhatsApp’s spelling of the number, and the user id', () => {
    expect(recipientLink({ channel: 'support', customer: CRM, names: [] }, { phone: W, userId: U })).toEqual({
      channel: 'support',
      names: [
        { name: CRM, kind: 'number' },
        { name: W, kind: 'wa_id' },
        { name: U, kind: 'user_id' },
      ],
    });
  });

  it('that is the customer’s own name is no other spelling', () => {
    expect(recipientLink({ channel: 'support', customer: W, names: [] }, { phone: W, userId: U })?.names).toEqual([
      { name: W, kind: 'wa_id' },
      { name: U, kind: 'user_id' },
    ]);
  });

  it.each([undefined, { phone: W }, { phone: W, userId: U }])('that is known adds nothing: %j', (reported) => {
    expect(recipientLink({ channel: 'support', customer: CRM, names: [W, U] }, reported)).toBeUndefined();
  });
});
