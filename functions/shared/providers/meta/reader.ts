import type { Channel, MetaAccount } from '../../domain/config.ts';
import { parseJson } from '../../domain/read-json.ts';
import type { MetaWebhookSecrets } from '../../domain/secrets.ts';
import type { WebhookReader } from '../provider.ts';
import { malformed } from '../webhook-items.ts';
import { type Channels, toItems } from './notification.ts';
import { isSameToken, verifySignature } from './signature.ts';

export interface MetaReaderDeps {
  readonly account: MetaAccount;
  readonly channels: readonly Channel[];
  readonly secrets: () => Promise<MetaWebhookSecrets>;
}

/** A signature of the account's app is valid only for the numbers of that account. */
const ownChannels = ({ account, channels }: MetaReaderDeps): Channels =>
  new Map(
    channels.flatMap((channel) =>
      channel.account === account.id && channel.phoneNumberId !== undefined ? [[channel.phoneNumberId, channel]] : [],
    ),
  );

/** Reads the webhooks of one Meta app. */
export const createMetaReader = (deps: MetaReaderDeps): WebhookReader => {
  const owner = { channels: ownChannels(deps), wabaId: deps.account.wabaId };
  return {
    answerChallenge: async (query) => {
      const { verifyToken } = await deps.secrets();
      const isSame = isSameToken(query['hub.verify_token'] ?? '', verifyToken);
      return isSame && query['hub.mode'] === 'subscribe' ? query['hub.challenge'] : undefined;
    },
    verify: async (body, headers) =>
      verifySignature(body, headers['x-hub-signature-256'], (await deps.secrets()).appSecrets),
    parse: (body) => {
      const read = parseJson(body);
      return read === undefined
        ? [malformed('not JSON', { raw: new TextDecoder().decode(body) })]
        : toItems(read.json, owner);
    },
  };
};
