import type { Channel } from '../../domain/config.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import type { MessageSender, SendOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { hasEnded, TOO_LATE, toRepeatableOutcome } from '../send-outcome.ts';
import { readToWire, toWire } from './to-wire.ts';

/** The way of Meta's messages to WhatsApp: Meta's own API, or another one that passes them on. */
export interface Carrier<Secrets> {
  readonly secrets: () => Promise<Secrets>;
  readonly now: () => Date;
  readonly post: (channel: Channel, secrets: Secrets, message: object) => Promise<CallOutcome>;
  readonly toOutcome: (call: CallOutcome) => SendOutcome;
}

/** Sends messages in the wire format of Meta, which supports every type of session message. */
export const createWireSender = <Secrets>({ secrets, now, post, toOutcome }: Carrier<Secrets>): MessageSender => ({
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
});
