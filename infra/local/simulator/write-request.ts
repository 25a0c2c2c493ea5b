import * as z from 'zod';
import { CustomerName, parseUserId } from '../../../functions/shared/domain/customer.ts';

/** What comes from a customer, or about one, in another field than `messages` (Meta). */
const FIELDS = ['messages', 'standby', 'calls', 'smb_message_echoes', 'messaging_handovers'] as const;

export const UserId = z
  .string()
  .refine((text) => parseUserId(text) !== undefined, 'is no user id: 1 to 256 visible characters');

const MessageId = z.string().min(1).max(512);

/** A file that the customer sends; its bytes in base64. */
const CustomerFile = z.strictObject({
  type: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  mimeType: z.string().regex(/^\w+\/[\w.+-]+$/),
  base64: z.base64(),
  name: z.string().min(1).optional(),
  caption: z.string().min(1).optional(),
  /** A voice note, recorded in the chat. */
  voice: z.literal(true).optional(),
});
export type CustomerFile = z.infer<typeof CustomerFile>;

const degrees = (most: number) => z.number().min(-most).max(most);

/** What a customer can do on the phone, beside a text, a file and the provider's own message object. */
const ACTIONS = {
  location: z.strictObject({
    latitude: degrees(90),
    longitude: degrees(180),
    name: z.string().min(1).optional(),
    address: z.string().min(1).optional(),
  }),
  contact: z.strictObject({
    name: z.string().min(1),
    phone: z.string().regex(/^\+?[1-9]\d{6,14}$/, 'is no phone number in international form'),
    /** The customer's own number, in answer to a request for it. */
    own: z.literal(true).optional(),
  }),
  /** An empty emoji removes the reaction. */
  reaction: z.strictObject({ messageId: MessageId, emoji: z.string().max(32) }),
  /** Taps a button, a row or a quick reply of a message that the phone shows. */
  tap: z.strictObject({ messageId: MessageId, id: z.string().max(256) }),
  /** Completes the flow of a message that the phone shows. */
  flow: z.strictObject({ messageId: MessageId, response: z.looseObject({}) }),
  call: z.strictObject({
    event: z.enum(['connect', 'terminate']),
    seconds: z.int().min(0).max(86_400).optional(),
  }),
} as const;

export type CustomerAction = {
  readonly [Name in keyof typeof ACTIONS]?: z.infer<(typeof ACTIONS)[Name]> | undefined;
};

const CONTENTS = ['text', 'file', 'message', ...Object.keys(ACTIONS)] as const;

const contentsIn = (request: object): number =>
  CONTENTS.filter((name) => Object.entries(request).some(([key, value]) => key === name && value !== undefined)).length;

/** A customer writes: a text, a file, something done on the phone, or the provider's own message object. */
export const WriteRequest = z
  .strictObject({
    channel: z.string().min(1),
    /** The customer's number, or the user id of one who shows no number. */
    from: CustomerName.optional(),
    /** The customer's user id, alone or beside the number (Meta). */
    userId: UserId.optional(),
    /** The name of the customer's profile. @default - the simulator's */
    name: z.string().min(1).max(256).optional(),
    text: z.string().min(1).optional(),
    file: CustomerFile.optional(),
    location: ACTIONS.location.optional(),
    contact: ACTIONS.contact.optional(),
    reaction: ACTIONS.reaction.optional(),
    tap: ACTIONS.tap.optional(),
    flow: ACTIONS.flow.optional(),
    call: ACTIONS.call.optional(),
    /** The message that the customer quotes. */
    replyTo: MessageId.optional(),
    /** The provider's id of the message. @default - a new one */
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
  .refine((request) => contentsIn(request) === 1, { path: ['text'], error: `give one of ${CONTENTS.join(', ')}` })
  .refine(({ id, message }) => id === undefined || message === undefined, {
    path: ['id'],
    error: 'is not for a message object: give it in the object',
  })
  .refine(({ replyTo, message }) => replyTo === undefined || message === undefined, {
    path: ['replyTo'],
    error: 'is not for a message object: give it in the object',
  })
  .refine(({ field, message }) => field === undefined || field === 'standby' || message !== undefined, {
    path: ['message'],
    error: 'gives what comes in this field',
  });
export type WriteRequest = z.infer<typeof WriteRequest>;
