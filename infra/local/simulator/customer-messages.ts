import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import { CustomerName } from '../../../functions/shared/domain/customer.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import type { PostWebhook } from './post-webhook.ts';
import { vendorOf } from './vendors.ts';

/** What comes from a customer, or about one, in another field than `messages` (Meta). */
const FIELDS = ['messages', 'standby', 'calls', 'smb_message_echoes', 'messaging_handovers'] as const;

/** A customer writes: a text, or the provider's own message object. */
export const WriteRequest = z
  .strictObject({
    channel: z.string().min(1),
    from: CustomerName,
    text: z.string().min(1).optional(),
    message: z.looseObject({}).optional(),
    /** The field of Meta's webhook in which the message object comes. @default - messages */
    field: z.enum(FIELDS).optional(),
    /** When the customer wrote, for a message that arrives late. @default - now */
    at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ text, message }) => (text === undefined) !== (message === undefined), {
    path: ['text'],
    error: 'give either text or message',
  })
  .refine(({ field, message }) => field === undefined || field === 'standby' || message !== undefined, {
    path: ['message'],
    error: 'gives what comes in this field',
  });
export type WriteRequest = z.infer<typeof WriteRequest>;

/** A posted webhook: the id of its message, and the HTTP status that the service answered. */
export interface Posted {
  readonly messageId: string;
  readonly webhook: { readonly status: number };
}

export type WriteMessage = (request: WriteRequest) => Promise<Posted | ProblemDetails>;

export interface WriteMessageDeps {
  readonly config: LocalConfig;
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly post: PostWebhook;
  readonly now: () => Date;
}

/** Sends a customer's message to the service as a webhook in the provider's own format. */
export const createWriteMessage =
  ({ config, observe, post, now }: WriteMessageDeps): WriteMessage =>
  async (request) => {
    const channel = config.channels.find(({ id }) => id === request.channel);
    const account = config.accounts.find(({ id }) => id === channel?.account);
    if (request.field !== undefined && account?.provider !== 'meta')
      return { code: 'invalid_request', detail: 'Only webhooks of Meta have fields.' };
    if (channel === undefined || account === undefined)
      return { code: 'unknown_channel', detail: 'The configuration has no channel of that id.' };
    const made = vendorOf(account.provider).inboundWebhook({ account, channel, now: now() }, request);
    if (!made.ok) return made.problem;
    const { messageId, webhook } = made.value;
    // WhatsApp knows the customer's message whether or not the service accepts the webhook.
    observe(account.id, webhook.body);
    return { messageId, webhook: { status: await post(webhook) } };
  };
