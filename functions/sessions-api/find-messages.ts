import * as z from 'zod';
import { ID_PATTERN } from '../shared/domain/id.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { encodeCursor } from './cursor.ts';
import { pageQuery } from './page-query.ts';
import { ofChannel } from './path-parameters.ts';
import { toFullMessage } from './show-message.ts';

const MESSAGE_ID = new RegExp(`^msg_${ID_PATTERN}$`);

export const MessagesQuery = pageQuery(MESSAGE_ID).extend({
  clientReference: z
    .string()
    .min(1)
    .max(256)
    .meta({ description: 'The clientReference of the sends', example: 'order-1' }),
});

/** Shows the outbound messages of a channel that were sent with a reference of the caller. */
export const findMessages = ofChannel(async (runtime, channel, event) => {
  const query = parseWith(MessagesQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const { clientReference, limit, cursor: after } = query.value;
  const page = await runtime.store.findByReference({ channel: channel.id, clientReference, limit, after });
  return json(200, {
    messages: await Promise.all(page.messages.map((found) => toFullMessage(runtime, found))),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
});
