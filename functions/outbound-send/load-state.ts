import type { MessageSender } from '../shared/providers/provider.ts';
import type { SendState } from '../shared/store/message/load-send-state.ts';
import { templateKeys } from '../shared/store/template/template-registry.ts';
import type { ChannelRequest } from './read-request.ts';
import type { SendRuntime } from './runtime.ts';

/** Everything that a decision depends on, at one moment. */
export interface DecisionInput extends ChannelRequest {
  readonly sender: MessageSender;
  readonly state: SendState;
  readonly now: Date;
}

/** Loads session, customer, templates and the claim of a keyed id in one strongly consistent read. */
export const loadState = async (
  { store, senderOf, now }: SendRuntime,
  { channel, request, keyedId }: ChannelRequest & { readonly keyedId?: string | undefined },
): Promise<DecisionInput> => {
  const sender = senderOf(channel);
  const template = request.content.type === 'template' ? request.content : request.fallbackTemplate;
  const state = await store.loadSendState({
    channel: channel.id,
    customer: request.to,
    id: keyedId,
    templates: template === undefined ? [] : templateKeys(channel.account, template),
  });
  return { channel, request, sender, state, now: now() };
};
