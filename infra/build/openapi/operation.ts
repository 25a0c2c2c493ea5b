import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { MessageView } from '../../../functions/sessions-api/message-view.ts';
import { Id as ConfigId } from '../../../functions/shared/domain/config-fields.ts';
import { CustomerName } from '../../../functions/shared/domain/customer.ts';
import { ID_PATTERN } from '../../../functions/shared/domain/id.ts';
import { NamedView } from '../../../functions/shared/domain/name-view.ts';
import type { ProblemCode } from '../../../functions/shared/http/problem.ts';
import { answer, body } from './answers.ts';

/** An operation before its common answers are added. */
export interface Operation extends Omit<ZodOpenApiOperationObject, 'responses' | 'tags'> {
  /** The name of the method of a generated client. */
  readonly operationId: string;
  readonly tags: [Tag];
  readonly description: string;
  readonly answers: Readonly<Record<string, ZodOpenApiResponseObject>>;
  /** The codes with which it is refused, beside those that every such route has. */
  readonly refusedWith: readonly ProblemCode[];
}

export const TAGS = {
  Messages: 'Send, check and follow messages to customers',
  Sessions: 'The 24-hour windows of customers',
  Customers: 'Thread, consent and erasure',
  Usage: 'Active users, messages and cost',
  Channels: 'The WhatsApp numbers of the deployment',
  Templates: 'The registry of approved templates',
  Webhooks: 'Called by the providers, which sign each call',
} as const;
type Tag = keyof typeof TAGS;

const Channel = ConfigId.meta({ description: 'The id of a channel', example: 'support' });
const MessageId = z
  .string()
  .regex(new RegExp(`^msg_${ID_PATTERN}$`))
  .meta({ description: 'The id of an outbound message', example: 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S' });
export const ofChannel = z.object({ channel: Channel });
export const ofCustomer = ofChannel.extend({ customer: CustomerName });
/** A message of a customer. */
export const ofInbound = ofCustomer.extend({
  id: z
    .string()
    .min(1)
    .max(512)
    .meta({ description: 'The `id` in the thread, percent-encoded, a `/` twice (`%252F`)', example: 'wamid.HBgL' }),
});
export const ofMessage = z.object({ id: MessageId });
export const ofAccount = z.object({
  account: ConfigId.meta({ description: 'The id of an account', example: 'demo-meta' }),
});
export const FullMessage = MessageView.extend({ channel: z.string(), ...NamedView });

interface Vendor {
  readonly name: string;
  readonly operationId: string;
  readonly signature: z.ZodObject;
  readonly examples: Parameters<typeof body>[1];
}

export const webhook = ({ name, operationId, signature, examples }: Vendor): Operation => ({
  operationId,
  tags: ['Webhooks'],
  summary: `Webhook of ${name}`,
  description:
    'Signed by the provider over the exact bytes. 200 once every update is stored; 5xx makes the provider retry.',
  requestParams: { path: ofAccount, header: signature },
  requestBody: body(z.looseObject({}), examples),
  answers: { '200': answer('Every update is stored', z.object({}), { example: {} }) },
  refusedWith: ['invalid_signature', 'unknown_account'],
});
