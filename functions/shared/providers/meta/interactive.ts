import * as z from 'zod';
import type { InboundContent } from '../../domain/inbound.ts';
import { toInstant } from '../../domain/time.ts';
import { toFormReply } from '../customer-answers.ts';
import { optionalText, UnixSeconds } from './schema.ts';

const text = z.string();

const ButtonReply = z
  .object({ type: z.literal('button_reply'), button_reply: z.object({ id: text, title: text }) })
  .transform(({ button_reply }): InboundContent => ({ type: 'button_reply', ...button_reply }));

const ListReply = z
  .object({ type: z.literal('list_reply'), list_reply: z.object({ id: text, title: text, description: optionalText }) })
  .transform(({ list_reply }): InboundContent => ({ type: 'list_reply', ...list_reply }));

const FlowReply = z
  .object({
    type: z.literal('nfm_reply'),
    nfm_reply: z.object({ name: optionalText, body: optionalText, response_json: z.unknown().optional() }),
  })
  .transform(({ nfm_reply }) => toFormReply(nfm_reply));

/** As ISO 8601; what cannot be read counts as absent. */
const ExpirationTime = UnixSeconds.transform(toInstant).optional().catch(undefined);

const CallPermissionReply = z
  .object({
    type: z.literal('call_permission_reply'),
    call_permission_reply: z.object({
      response: text,
      response_source: optionalText,
      is_permanent: z.boolean().optional().catch(undefined),
      expiration_timestamp: ExpirationTime,
    }),
  })
  .transform(
    ({ call_permission_reply: { response, response_source, is_permanent, expiration_timestamp } }): InboundContent => ({
      type: 'call_permission_reply',
      response,
      source: response_source,
      permanent: is_permanent,
      expiresAt: expiration_timestamp,
    }),
  );

export const Interactive = z.union([ButtonReply, ListReply, FlowReply, CallPermissionReply]);

const SubType = z.object({ interactive: z.object({ type: text }) });
const ResponseSource = z.object({
  interactive: z.object({ call_permission_reply: z.object({ response_source: text }) }),
});

/** The kind of an interactive message in `OPENS_SESSION`: with its sub-type, and the source of a call permission (R4). */
export const interactiveKind = (message: unknown): string => {
  const subType = SubType.safeParse(message).data?.interactive.type;
  if (subType === undefined) return 'interactive';
  if (subType !== 'call_permission_reply') return `interactive.${subType}`;
  const source = ResponseSource.safeParse(message).data?.interactive.call_permission_reply.response_source;
  return source === undefined ? `interactive.${subType}` : `interactive.${subType}.${source}`;
};
