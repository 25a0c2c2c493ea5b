import * as z from 'zod';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import { readJson } from '../../domain/read-json.ts';
import type { AwsSocialApiSecrets } from '../../domain/secrets.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import { createWireSender } from '../meta/sender.ts';
import type { MessageSender, SendOutcome } from '../provider.ts';
import { type Answer, SEND_TIMEOUT_MS, toRefused, toSendOutcome } from '../send-outcome.ts';
import { toProviderError } from './errors.ts';
import { callSigned } from './signed-call.ts';

export interface AwsSocialSenderDeps {
  readonly account: AwsSocialAccount;
  readonly secrets: () => Promise<AwsSocialApiSecrets>;
  readonly now: () => Date;
}

const SendAnswer = z.object({ messageId: z.string().min(1) });

const fromAnswer = (answer: Answer): SendOutcome => {
  if (answer.status >= 200 && answer.status < 300) {
    const sent = readJson(answer.text, SendAnswer);
    return sent === undefined
      ? { kind: 'in_doubt', error: { code: `http_${answer.status}`, title: 'AWS gave no message id', class: 'never' } }
      : { kind: 'sent', providerMessageId: sent.messageId };
  }
  const error = toProviderError(answer);
  // AWS does not say whether Meta had the message when AWS, or its call to Meta, failed.
  return answer.status >= 500 ? { kind: 'in_doubt', error: { ...error, class: 'never' } } : toRefused(answer, error);
};

/** Maps the call of a send to its outcome (R12). */
const toOutcome = (call: CallOutcome): SendOutcome => toSendOutcome(call, 'AWS', fromAnswer);

/** Sends through AWS End User Messaging Social, which passes Meta's messages on as they are, read receipts among them. */
export const createAwsSocialSender = ({ account, secrets, now }: AwsSocialSenderDeps): MessageSender =>
  createWireSender({
    secrets,
    now,
    toOutcome,
    post: ({ phoneNumberId }, credentials, message) =>
      callSigned(
        { account, credentials, now },
        {
          path: '/v1/whatsapp/send',
          body: {
            originationPhoneNumberId: phoneNumberId,
            message: Buffer.from(JSON.stringify(message)).toString('base64'),
            metaApiVersion: account.graphVersion,
          },
          timeoutMs: SEND_TIMEOUT_MS,
        },
      ),
  });
