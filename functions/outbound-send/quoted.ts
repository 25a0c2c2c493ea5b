import type { SendRequest } from '../shared/domain/content.ts';
import type { Parsed } from '../shared/http/request.ts';
import { invalidRequest } from '../shared/http/request.ts';
import type { SendRuntime } from './runtime.ts';

const OUR_ID = /^msg_/;

/** The provider's id of the message that is answered or reacted to; `undefined` when none is. */
export const resolveQuoted = async (
  { store }: SendRuntime,
  { content, replyTo, channel, to }: SendRequest,
): Promise<Parsed<string | undefined>> => {
  const [path, id] = content.type === 'reaction' ? ['content.messageId', content.messageId] : ['replyTo', replyTo];
  if (id === undefined || !OUR_ID.test(id)) return { ok: true, value: id };
  const found = await store.findMessage(id);
  if (found === undefined || found.channel !== channel || found.customer !== to)
    return invalidRequest([{ path, message: 'is not the id of a message in the thread of this customer' }]);
  if (found.message.providerMessageId === undefined)
    return invalidRequest([
      { path, message: 'names a message that the provider has not taken, so nothing can refer to it' },
    ]);
  return { ok: true, value: found.message.providerMessageId };
};
