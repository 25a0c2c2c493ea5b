import type { MetaAccount } from '../../domain/config.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { hasEnded, SEND_TIMEOUT_MS, TOO_LATE } from '../send-outcome.ts';
import { toOutcome } from './outcome.ts';
import { toWire } from './to-wire.ts';

export interface MetaSenderDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
  readonly now: () => Date;
}

/** Sends through the Cloud API, which supports every type of session message. */
export const createMetaSender = ({ account, secrets, now }: MetaSenderDeps): MessageSender => ({
  unsupported: () => undefined,
  send: (message) =>
    secrets().then(async ({ accessToken }) => {
      if (hasEnded(message, now())) return TOO_LATE;
      const call = await callOnce({
        url: `${account.baseUrl}/${account.graphVersion}/${message.channel.phoneNumberId}/messages`,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(toWire(message)),
        timeoutMs: SEND_TIMEOUT_MS,
      });
      return toOutcome(call);
    }, toSecretsFailure),
});
