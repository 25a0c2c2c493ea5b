import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { createAwsSocialSender } from '../../../../functions/shared/providers/aws-social/client.ts';
import type { WebhookItem } from '../../../../functions/shared/providers/provider.ts';
import {
  AWS_NUMBER,
  anAwsAccount,
  anAwsChannel,
  anAwsReader,
  awsDeliveries,
  awsSocialSecrets,
} from '../../../support/aws-social.ts';
import { asSent, CONTENT_TYPES, fixture, goldens } from '../../../support/golden.ts';
import { aProviderServer, type ProviderServer } from '../../../support/provider-server.ts';

/** The body of SendWhatsAppMessage, by its API reference: three fields, the message in base64. */
const SendBody = z.strictObject({
  originationPhoneNumberId: z.literal(AWS_NUMBER),
  message: z.base64(),
  metaApiVersion: z.literal('v24.0'),
});

const TO = '+919812345678';
const ENVELOPE = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: TO,
  biz_opaque_callback_data: 'cw1',
};

let aws: ProviderServer;
beforeAll(async () => {
  aws = await aProviderServer(() => ({ body: { messageId: 'aws-1' } }));
});
afterAll(() => aws.close());

const sender = () =>
  createAwsSocialSender({
    account: anAwsAccount({ baseUrl: aws.url }),
    secrets: async () => awsSocialSecrets,
    now: () => new Date('2026-11-20T09:00:00.000Z'),
  });

/** The message in the last call. */
const passedOn = (): unknown => {
  const { message } = SendBody.parse(aws.calls.at(-1)?.body);
  return JSON.parse(Buffer.from(message, 'base64').toString('utf8'));
};

describe('the wire format of AWS End User Messaging Social', () => {
  const GOLDENS = goldens('meta');

  it.each(GOLDENS)('passes on what Meta gets: $name', async ({ content, wire }) => {
    const { unsupported, send } = sender();
    const message = {
      channel: anAwsChannel(),
      to: CustomerKey.parse(TO),
      content,
      reference: ENVELOPE.biz_opaque_callback_data,
      replyTo: content.type === 'reaction' ? content.messageId : undefined,
    };

    expect(unsupported(content)).toBeUndefined();
    expect(await send(message)).toEqual({ kind: 'sent', providerMessageId: 'aws-1' });

    expect(passedOn()).toEqual({ ...ENVELOPE, ...(asSent(wire) as object) });
    expect(aws.calls.at(-1)?.path).toBe('/v1/whatsapp/send');
  });

  it.each(['read', 'read-typing'])('passes on the receipt that Meta gets: %s', async (name) => {
    const { messageId, typing, wire } = fixture('meta', name);

    await sender().markRead({ channel: anAwsChannel(), customer: CustomerKey.parse(TO), messageId, typing });

    expect(passedOn()).toEqual(wire);
  });

  it('has each type of content', () => {
    expect([...new Set(GOLDENS.map(({ content }) => content.type))].sort()).toEqual(CONTENT_TYPES);
  });
});

const shownOf = (item: WebhookItem): object => {
  if (item.kind === 'message') return { kind: item.kind, id: item.message.id, content: item.message.content };
  if (item.kind === 'status') return { kind: item.kind, id: item.report.providerMessageId, status: item.report.status };
  return item;
};

describe('what AWS delivers', () => {
  it.each(awsDeliveries)('is read by its page: $name', ({ body, item }) => {
    const read = anAwsReader().parse(body);

    if (item === undefined) expect(read).toEqual({ kind: 'unreadable' });
    else expect(read.kind === 'read' ? read.items.map(shownOf) : read).toMatchObject([item]);
  });
});
