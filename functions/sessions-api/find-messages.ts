import * as z from 'zod';
import { ID_PATTERN } from '../shared/domain/id.ts';
import { parseWith } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { encodeCursor } from './cursor.ts';
import { pageQuery } from './page-query.ts';
import { ofChannel } from './path-parameters.ts';
import { toFullMessage } from './show-message.ts';
import type { StoreRuntime } from './store.ts';

const MESSAGE_ID = new RegExp(`^msg_${ID_PATTERN}$`);

export const MessagesQuery = pageQuery(MESSAGE_ID)
  .extend({
    clientReference: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'The clientReference of the sends', example: 'order-1' }),
    status: z
      .literal('in_doubt', 'must be in_doubt, the only status by which sends are found')
      .optional()
      .meta({ description: 'The sends whose outcome is unknown; without `clientReference`' }),
  })
  .refine(({ clientReference, status }) => (clientReference === undefined) !== (status === undefined), {
    path: ['clientReference'],
    error: 'is required, or status=in_doubt instead of it',
  });

type Query = z.infer<typeof MessagesQuery>;

const find = ({ store, now }: StoreRuntime, channel: string, { clientReference, limit, cursor: after }: Query) =>
  clientReference === undefined
    ? store.findInDoubt({ channel, now: now(), limit, after })
    : store.findByReference({ channel, clientReference, limit, after });

/** Shows the outbound messages of a channel that were sent with a reference of the caller, or those in doubt. */
export const findMessages = ofChannel(async (runtime, channel, event) => {
  const query = parseWith(MessagesQuery, event.queryStringParameters ?? {});
  if (!query.ok) return query.problem;
  const page = await find(runtime, channel.id, query.value);
  return json(200, {
    messages: await Promise.all(page.messages.map((found) => toFullMessage(runtime, found))),
    next: page.next === undefined ? undefined : encodeCursor(page.next),
  });
});
