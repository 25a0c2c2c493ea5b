import type { MetaAccount } from '../../domain/config.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { SEND_TIMEOUT_MS } from '../send-outcome.ts';
import { toOutcome } from './outcome.ts';
import { toWire } from './to-wire.ts';

export interface MetaSenderDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
}

/** Sends through the Cloud API, which supports every type of session message. */
export const createMetaSender = ({ account, secrets }: MetaSenderDeps): MessageSender => ({
  unsupported: () => undefined,
  send: (message) =>
    secrets().then(async ({ accessToken }) => {
      const call = await callOnce({
        url: `${account.baseUrl}/${account.graphVersion}/${message.channel.phoneNumberId}/messages`,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(toWire(message)),
        timeoutMs: SEND_TIMEOUT_MS,
      });
      return toOutcome(call);
    }, toSecretsFailure),
});
