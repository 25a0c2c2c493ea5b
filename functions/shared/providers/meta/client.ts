import type { Channel, MetaAccount } from '../../domain/config.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { SEND_TIMEOUT_MS, toRepeatableOutcome } from '../send-outcome.ts';
import { toOutcome } from './outcome.ts';
import { createWireSender } from './sender.ts';
import { controlThread } from './thread-control.ts';

export interface MetaSenderDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
  readonly now: () => Date;
}

/** Sends through the Cloud API. */
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
    ...createWireSender({ secrets, now, post, toOutcome }),
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
