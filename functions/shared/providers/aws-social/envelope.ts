import * as z from 'zod';
import { parseJson, readJson } from '../../domain/read-json.ts';

/*
 * An event of AWS End User Messaging Social, as its topic publishes it
 * (https://docs.aws.amazon.com/social-messaging/latest/userguide/managing-event-destination-dlrs.html).
 */

const text = z.string().min(1);

/** Unreadable counts as absent. */
const list = <T extends z.ZodType>(element: T) => z.array(element).catch([]);

const Envelope = z.object({
  context: z
    .object({
      MetaWabaIds: list(z.object({ arn: text })),
      MetaPhoneNumberIds: list(z.object({ metaPhoneNumberId: text, arn: text })),
    })
    .catch({ MetaWabaIds: [], MetaPhoneNumberIds: [] }),
  /** One entry of a webhook of Meta, as JSON text. */
  whatsAppWebhookEntry: z.unknown().optional(),
  /** Absent in some events. */
  messageId: text.optional().catch(undefined),
});
export type Envelope = z.infer<typeof Envelope>;

/** What SNS puts around a message unless the subscription asks for raw delivery. */
const Notification = z.object({ Type: z.literal('Notification'), Message: z.string() });

/** Reads the body of a queue message, with raw message delivery on or off; `undefined` for anything but an event. */
export const readEnvelope = (body: string): Envelope | undefined => {
  const notification = readJson(body, Notification);
  const { data } = Envelope.safeParse(parseJson(notification?.Message ?? body)?.json);
  const isEvent =
    data !== undefined && (data.whatsAppWebhookEntry !== undefined || data.context.MetaWabaIds.length > 0);
  return isEvent ? data : undefined;
};

/** The entries in the text of an envelope: AWS documents one; several in a list are read as well. `undefined` where it is no JSON. */
export const readEntries = ({ whatsAppWebhookEntry: entry }: Envelope): readonly unknown[] | undefined => {
  const json = typeof entry === 'string' ? parseJson(entry)?.json : entry;
  if (json === undefined || json === null) return undefined;
  return Array.isArray(json) ? json : [json];
};

/** The id that the API of AWS gives a resource, by its ARN: `arn:…:waba/0123` is `waba-0123`. */
export const idOfArn = (arn: string): string => (arn.split(':').at(-1) ?? '').replace('/', '-');
