import * as z from 'zod';
import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import { CustomerName, parseUserId } from '../../../functions/shared/domain/customer.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import type { FileShelf, ShelfFile } from './file-shelf.ts';
import type { PostWebhook } from './post-webhook.ts';
import { vendorOf } from './vendors.ts';

/** What comes from a customer, or about one, in another field than `messages` (Meta). */
const FIELDS = ['messages', 'standby', 'calls', 'smb_message_echoes', 'messaging_handovers'] as const;

const UserId = z
  .string()
  .refine((text) => parseUserId(text) !== undefined, 'is no user id: 1 to 256 visible characters');

/** A file that the customer sends; its bytes in base64. */
const CustomerFile = z.strictObject({
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  mimeType: z.string().regex(/^\w+\/[\w.+-]+$/),
  base64: z.base64(),
  name: z.string().min(1).optional(),
  caption: z.string().min(1).optional(),
});
export type CustomerFile = z.infer<typeof CustomerFile>;

/** A customer writes: a text, a file, or the provider's own message object. */
export const WriteRequest = z
  .strictObject({
    channel: z.string().min(1),
    /** The customer's number, or the user id of one who shows no number. */
    from: CustomerName.optional(),
    /** The customer's user id, alone or beside the number (Meta). */
    userId: UserId.optional(),
    text: z.string().min(1).optional(),
    file: CustomerFile.optional(),
    /** The provider's id of the message with the file. @default - a new one */
    id: z.string().min(1).max(256).optional(),
    message: z.looseObject({}).optional(),
    /** The field of Meta's webhook in which the message object comes. @default - messages */
    field: z.enum(FIELDS).optional(),
    /** When the customer wrote, for a message that arrives late. @default - now */
    at: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ from, userId }) => from !== undefined || userId !== undefined, {
    path: ['from'],
    error: 'give from, userId or both',
  })
  .refine(({ text, file, message }) => [text, file, message].filter((given) => given !== undefined).length === 1, {
    path: ['text'],
    error: 'give one of text, file and message',
  })
  .refine(({ id, file }) => id === undefined || file !== undefined, {
    path: ['id'],
    error: 'is for a message with a file: give it in the message object',
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
  readonly files: FileShelf;
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly post: PostWebhook;
  readonly now: () => Date;
}

const putOnShelf = (files: FileShelf, { base64, mimeType, name }: CustomerFile): ShelfFile =>
  files.add({ bytes: Buffer.from(base64, 'base64'), mimeType, name });

/** Sends a customer's message to the service as a webhook in the provider's own format. */
export const createWriteMessage =
  ({ config, files, observe, post, now }: WriteMessageDeps): WriteMessage =>
  async (request) => {
    const channel = config.channels.find(({ id }) => id === request.channel);
    const account = config.accounts.find(({ id }) => id === channel?.account);
    if (request.field !== undefined && account?.provider === 'sinch')
      return { code: 'invalid_request', detail: 'Only webhooks of Meta have fields.' };
    if (channel === undefined || account === undefined)
      return { code: 'unknown_channel', detail: 'The configuration has no channel of that id.' };
    const vendor = vendorOf(account.provider);
    const { file, id } = request;
    const message =
      file === undefined
        ? request.message
        : { ...vendor.fileMessage(account, putOnShelf(files, file), file), ...(id === undefined ? {} : { id }) };
    const made = vendor.inboundWebhook({ account, channel, now: now() }, { ...request, message });
    if (!made.ok) return made.problem;
    const { messageId, webhook } = made.value;
    // WhatsApp knows the customer's message whether or not the service accepts the webhook.
    observe(account.id, webhook.body);
    return { messageId, webhook: { status: await post(webhook) } };
  };
