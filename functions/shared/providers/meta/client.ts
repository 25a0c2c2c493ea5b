import type { Channel, MetaAccount } from '../../domain/config.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { hasEnded, SEND_TIMEOUT_MS, TOO_LATE, toRepeatableOutcome } from '../send-outcome.ts';
import { toOutcome } from './outcome.ts';
import { controlThread } from './thread-control.ts';
import { readToWire, toWire } from './to-wire.ts';

export interface MetaSenderDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
  readonly now: () => Date;
}

/** Sends through the Cloud API, which supports every type of session message. */
export const createMetaSender = ({ account, secrets, now }: MetaSenderDeps): MessageSender => {
  const post = ({ phoneNumberId }: Channel, { accessToken }: MetaApiSecrets, body: object) =>
    callOnce({
      url: `${account.baseUrl}/${account.graphVersion}/${phoneNumberId}/messages`,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: SEND_TIMEOUT_MS,
    });
  const { threadControlUrl } = account;
  return {
    unsupported: () => undefined,
    send: (message) =>
      secrets().then(
        async (api) =>
          hasEnded(message, now()) ? TOO_LATE : toOutcome(await post(message.channel, api, toWire(message))),
        toSecretsFailure,
      ),
    markRead: (receipt) =>
      secrets().then(
        async (api) => toRepeatableOutcome(await post(receipt.channel, api, readToWire(receipt)), toOutcome),
        toSecretsFailure,
      ),
    controlThread:
      threadControlUrl === undefined
        ? undefined
        : (change) =>
            secrets().then(
              async (api) => toRepeatableOutcome(await controlThread(threadControlUrl, change, api), toOutcome),
              toSecretsFailure,
            ),
  };
};
