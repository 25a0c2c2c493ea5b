import * as z from 'zod';
import type { Channel, LocalConfig } from '../../../functions/shared/domain/config.ts';
import { CustomerName } from '../../../functions/shared/domain/customer.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import { type Parsed, parseWith } from '../../../functions/shared/http/request.ts';
import { MetaMessage, metaInbound, metaText } from './meta/webhook.ts';
import type { Post } from './post-webhook.ts';
import { SinchMessage, sinchInbound, sinchText } from './sinch/webhook.ts';
import type { InboundWebhook } from './webhook.ts';

/** A customer writes: a text, or the provider's own message object. */
export const WriteRequest = z
  .strictObject({
    channel: z.string().min(1),
    from: CustomerName,
    text: z.string().min(1).optional(),
    message: z.looseObject({}).optional(),
    /** When the customer wrote, for a message that arrives late. */
    at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ text, message }) => (text === undefined) !== (message === undefined), {
    path: ['text'],
    error: 'give either text or message',
  });
export type WriteRequest = z.infer<typeof WriteRequest>;

/** What became of a webhook: the message it told of, and the service's HTTP status. */
export interface Posted {
  readonly messageId: string;
  readonly webhook: { readonly status: number };
}

export interface Customers {
  readonly write: (request: WriteRequest) => Promise<Posted | ProblemDetails>;
}

export interface CustomersDeps {
  readonly config: LocalConfig;
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly post: Post;
  readonly now: () => Date;
}

type Account = LocalConfig['accounts'][number];

const MetaWritten = z.object({ message: MetaMessage });
const SinchWritten = z.object({ message: SinchMessage });

const toWebhook = (
  { account, channel, now }: { readonly account: Account; readonly channel: Channel; readonly now: Date },
  { from: customer, text, message, at: writtenAt }: WriteRequest,
): Parsed<InboundWebhook> => {
  const at = writtenAt === undefined ? now : new Date(writtenAt);
  if (account.provider === 'meta') {
    const parsed = parseWith(MetaWritten, { message: message ?? metaText(text ?? '') });
    if (!parsed.ok) return parsed;
    return { ok: true, value: metaInbound({ account, channel, customer, message: parsed.value.message, at }) };
  }
  const parsed = parseWith(SinchWritten, { message: message ?? sinchText(text ?? '') });
  if (!parsed.ok) return parsed;
  return { ok: true, value: sinchInbound({ account, customer, message: parsed.value.message, at, now }) };
};

/** The customers' phones: what is written there reaches the service as a webhook in the provider's own format. */
export const createCustomers = ({ config, observe, post, now }: CustomersDeps): Customers => ({
  write: async (request) => {
    const channel = config.channels.find(({ id }) => id === request.channel);
    const account = config.accounts.find(({ id }) => id === channel?.account);
    if (channel === undefined || account === undefined)
      return { code: 'unknown_channel', detail: 'The configuration has no channel of that id.' };
    const made = toWebhook({ account, channel, now: now() }, request);
    if (!made.ok) return made.problem;
    const { messageId, webhook } = made.value;
    // WhatsApp knows what the customer wrote, whether the service takes the webhook or not.
    observe(account.id, webhook.body);
    return { messageId, webhook: { status: await post(webhook) } };
  },
});
