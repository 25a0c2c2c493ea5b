import type { LocalConfig } from '../../../functions/shared/domain/config.ts';
import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import type { Parsed } from '../../../functions/shared/http/request.ts';
import type { AcceptedMessages } from './accepted-messages.ts';
import type { FileShelf } from './file-shelf.ts';
import type { PostedWebhook, PostWebhook } from './post-webhook.ts';
import { resolveTap } from './resolve-tap.ts';
import { vendorOf } from './vendors.ts';
import { senderOf } from './wa-id.ts';
import type { CustomerFile, WriteRequest } from './write-request.ts';
import type { WrittenMessages } from './written-messages.ts';

/** The id of the message in a webhook, and what became of the webhook. */
export interface Posted {
  readonly messageId: string;
  readonly webhook: PostedWebhook;
}

export type WriteMessage = (request: WriteRequest) => Promise<Posted | ProblemDetails>;

export interface WriteMessageDeps {
  readonly config: LocalConfig;
  readonly files: FileShelf;
  readonly accepted: AcceptedMessages;
  readonly written: WrittenMessages;
  readonly observe: (account: string, body: Uint8Array) => void;
  readonly post: PostWebhook;
  readonly now: () => Date;
}

type Account = LocalConfig['accounts'][number];

const putOnShelf = (files: FileShelf, { base64, mimeType, name }: CustomerFile) =>
  files.add({ bytes: Buffer.from(base64, 'base64'), mimeType, name });

/** The request with the vendor's own message object in place of what the customer does. */
const withMessage = (
  { files, accepted }: WriteMessageDeps,
  account: Account,
  request: WriteRequest,
): Parsed<WriteRequest & { readonly shelfId?: string }> => {
  const vendor = vendorOf(account.provider);
  const { text, message, file, tap, flow, replyTo = tap?.messageId ?? flow?.messageId } = request;
  if (file !== undefined) {
    const onShelf = putOnShelf(files, file);
    const sent = vendor.fileMessage(account, onShelf, file);
    return { ok: true, value: { ...request, message: sent, shelfId: onShelf.id } };
  }
  if (text !== undefined || message !== undefined) return { ok: true, value: request };
  const tapped = resolveTap(accepted, request);
  if (!tapped.ok) return tapped;
  const made = vendor.actionMessage(request, tapped.value);
  return made.ok ? { ok: true, value: { ...request, replyTo, ...made.value } } : made;
};

/** The customer's own file, as the phone has it. */
const fileOf = ({ file }: WriteRequest, id: string) => ({ type: file?.type ?? 'document', id, name: file?.name });

/** Sends a customer's message to the service as a webhook in the provider's own format. */
export const createWriteMessage =
  (deps: WriteMessageDeps): WriteMessage =>
  async (request) => {
    const { config, written, observe, post, now } = deps;
    const channel = config.channels.find(({ id }) => id === request.channel);
    const account = config.accounts.find(({ id }) => id === channel?.account);
    if (request.field !== undefined && account?.provider === 'sinch')
      return { code: 'invalid_request', detail: 'Only webhooks of Meta have fields.' };
    if (channel === undefined || account === undefined)
      return { code: 'unknown_channel', detail: 'The configuration has no channel of that id.' };
    const vendor = vendorOf(account.provider);
    const asked = withMessage(deps, account, request);
    if (!asked.ok) return asked.problem;
    const made = vendor.inboundWebhook({ account, channel, now: now() }, asked.value);
    if (!made.ok) return made.problem;
    const { messageId, shown, webhook } = made.value;
    const { waId, userId } = senderOf(request);
    const names = [waId, userId].filter((name) => name !== undefined);
    const { shelfId } = asked.value;
    const own = shelfId === undefined ? shown : { ...shown, file: fileOf(request, shelfId) };
    written.add({ channel: channel.id, names, id: messageId, at: request.at ?? now().toISOString(), shown: own });
    // WhatsApp knows the customer's message whether or not the service accepts the webhook.
    observe(account.id, webhook.body);
    return { messageId, webhook: await post({ account, webhook }) };
  };
