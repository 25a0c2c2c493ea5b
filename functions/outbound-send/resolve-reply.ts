import type { SendRequest } from '../shared/domain/content.ts';
import { invalidRequest, type Parsed } from '../shared/http/request.ts';
import type { SendRuntime } from './runtime.ts';

const OUTBOUND_ID = /^msg_/;

/** Resolves to the provider's id of the message that is replied or reacted to; `undefined` when there is none. */
export const resolveReply = async (
  { store }: SendRuntime,
  { content, replyTo, channel, to }: SendRequest,
): Promise<Parsed<string | undefined>> => {
  const [path, id] = content.type === 'reaction' ? ['content.messageId', content.messageId] : ['replyTo', replyTo];
  if (id === undefined || !OUTBOUND_ID.test(id)) return { ok: true, value: id };
  const found = await store.findMessage(id);
  const isOfThread = found?.channel === channel && (await store.isSameCustomer(channel, found.customer, to));
  if (found === undefined || !isOfThread)
    return invalidRequest([{ path, message: 'is not the id of a message in the thread of this customer' }]);
  if (found.message.providerMessageId === undefined)
    return invalidRequest([
      {
        path,
        message: 'is the id of a message that the provider has not accepted: only accepted messages can be referenced',
      },
    ]);
  return { ok: true, value: found.message.providerMessageId };
};
