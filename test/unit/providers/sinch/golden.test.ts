import { describe, expect, it } from 'vitest';
import { readToWire } from '../../../../functions/shared/providers/sinch/client.ts';
import { createSinchReader } from '../../../../functions/shared/providers/sinch/reader.ts';
import { toWire } from '../../../../functions/shared/providers/sinch/to-wire.ts';
import { EventRequest, SendRequest } from '../../../../infra/local/simulator/sinch/send-request.ts';
import { asSent, CONTENT_TYPES, fixture, goldenAnswers, goldens } from '../../../support/golden.ts';
import { anInbound, aSinchAccount, aSinchChannel, bytesOf, SINCH_SECRETS } from '../../../support/sinch.ts';

const GOLDENS = goldens('sinch');
const RECIPIENT = { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '919812345678' }] } };

describe('the wire format of Sinch', () => {
  it.each(GOLDENS.filter(({ message }) => message !== undefined))(
    'is that of its page: $name',
    ({ content, message, channelProperties }) => {
      expect(asSent(toWire(content))).toEqual(asSent({ kind: 'message', message, channelProperties }));
      expect(SendRequest.safeParse({ app_id: '01', recipient: RECIPIENT, message }).error).toBeUndefined();
    },
  );

  it.each(GOLDENS.filter(({ message }) => message === undefined))(
    'has nothing for it, by its page: $name',
    ({ content, unsupported }) => {
      expect(toWire(content)).toEqual({ kind: 'unsupported', unsupported });
      expect(unsupported).toMatchObject({ message: expect.stringMatching(/^Sinch .+: .+\.$/) });
    },
  );

  it('is that of its page: read', () => {
    const { customer, messageId, wire } = fixture('sinch', 'read');

    const sent = readToWire({ customer, messageId });

    expect(sent).toEqual(wire);
    expect(EventRequest.safeParse({ app_id: '01', ...sent }).error).toBeUndefined();
  });

  it.each(goldenAnswers('sinch'))(
    'of an answer is read by its page: $name',
    ({ source, contactMessage, content, replyTo }) => {
      const secrets = () => Promise.resolve(SINCH_SECRETS);
      const reader = createSinchReader({ account: aSinchAccount(), channels: [aSinchChannel()], secrets });

      const [item] = reader.parse(bytesOf(anInbound(contactMessage)));

      if (item?.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(item)}`);
      expect(asSent(item.message.content)).toEqual(content);
      expect(item.message.replyTo).toBe(replyTo);
      expect(item.message.opens).toBe(true);
      expect(source).toMatch(/^https:\/\/developers\.sinch\.com\/docs\/.+/);
    },
  );

  it('has a page for each type', () => {
    expect([...new Set(GOLDENS.map(({ content }) => content.type))].sort()).toEqual(CONTENT_TYPES);
    for (const { source } of GOLDENS) expect(source).toMatch(/^https:\/\/developers\.sinch\.com\/docs\/.+/);
  });
});
