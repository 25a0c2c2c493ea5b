import type { MetaAccount, MetaSecrets } from '../../domain/config.ts';
import { callOnce } from '../../network/http-call.ts';
import type { MessageSender } from '../provider.ts';
import { toSecretsFailure } from '../secrets-failure.ts';
import { toOutcome } from './outcome.ts';
import { toWire } from './to-wire.ts';

/** Longer than the 10 s after which fetch gives up a connection attempt, which has sent nothing; the half second is its timer's. */
const TIMEOUT_MS = 12_000;

export interface MetaSenderDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaSecrets>;
}

/** Sends through the Cloud API, which takes every type of session message. */
export const createMetaSender = ({ account, secrets }: MetaSenderDeps): MessageSender => ({
  unsupported: () => undefined,
  send: (message) =>
    secrets().then(async ({ accessToken }) => {
      const call = await callOnce({
        url: `${account.baseUrl}/${account.graphVersion}/${message.channel.phoneNumberId}/messages`,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(toWire(message)),
        timeoutMs: TIMEOUT_MS,
      });
      return toOutcome(call);
    }, toSecretsFailure),
});
