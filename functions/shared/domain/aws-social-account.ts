import * as z from 'zod';
import { GraphVersion, HttpOrigin, Id, MetaWabaId } from './config-fields.ts';

/** Topics of another kind are no event destination of AWS End User Messaging Social: FIFO topics are not supported. */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;

/** A WhatsApp business account that is linked to AWS End User Messaging Social; the role of each function is its credentials. */
export const AwsSocialAccount = z.strictObject({
  id: Id,
  provider: z.literal('aws-social'),
  /** AWS's id; webhooks have Meta's. */
  wabaId: z
    .string()
    .regex(
      /^waba-[0-9A-Za-z]{1,64}$/,
      'must be the id of AWS, such as waba-0123456789abcdef; Meta’s digits are metaWabaId',
    ),
  metaWabaId: MetaWabaId,
  /** @default - the region of the deployment */
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be an AWS region such as eu-central-1')
    .optional(),
  /** A topic that exists already. @default - the deployment creates one, and makes it the event destination */
  eventTopicArn: z.string().regex(TOPIC_ARN, 'must be the ARN of an SNS topic that is not FIFO').optional(),
  /** Whether a deployment replaces another event destination of the business account. @default - it is refused */
  replaceEventDestination: z.boolean().optional(),
  /** Which versions AWS accepts is listed in its General Reference, "AWS End User Messaging endpoints and quotas". */
  graphVersion: GraphVersion.default('v24.0'),
  /** @default - the endpoint of AWS in the region */
  baseUrl: HttpOrigin.optional(),
});
export type AwsSocialAccount = z.infer<typeof AwsSocialAccount>;

/** AWS's own id of a phone number. */
export const AWS_PHONE_NUMBER_ID = /^phone-number-id-[0-9A-Za-z]{1,64}$/;
