import type * as z from 'zod';
import { isHuman, nextOwner, type Owner, type OwnerKind, type OwnerRecord, ownerAt } from '../shared/domain/owner.ts';
import { toInstantOfMs } from '../shared/domain/time.ts';
import { isOpen } from '../shared/domain/window.ts';
import { toWindowView, type WindowView } from '../shared/domain/window-view.ts';
import { type ChannelCustomer, readCustomer } from '../shared/http/path-parameters.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { invalidRequest, parseBody } from '../shared/http/request.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { ThreadChange } from '../shared/providers/provider.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../shared/store/dynamo/contention.ts';
import type { SendState } from '../shared/store/message/load-send-state.ts';
import { ReleaseRequest, type SeenOwner, TakeRequest } from './owner-request.ts';
import { repeatableProblem } from './repeatable-problem.ts';
import type { SendRuntime } from './runtime.ts';

/** A conversation, and who holds it now. */
interface Conversation extends ChannelCustomer {
  readonly state: SendState;
  readonly now: Date;
  readonly owner: Owner | undefined;
}

const OWNER_CHANGED = new Contended('the owner of the conversation changed since it was read');

const HOLDERS: Readonly<Record<OwnerKind, string>> = {
  person: 'A person',
  bot: 'A bot',
  meta_agent: 'Meta’s Business Agent',
  phone_app: 'A colleague in the WhatsApp Business app',
};

const load = async ({ store, now: clock }: SendRuntime, of: ChannelCustomer): Promise<Conversation> => {
  const state = await store.loadSendState({ channel: of.channel.id, customer: of.customer, templates: [] });
  const now = clock();
  return { ...of, state, now, owner: ownerAt(state.record.owner, state.session, now) };
};

const toView = ({ channel, state, now }: Conversation, owner = state.record.owner): WindowView =>
  toWindowView(channel.id, state, {
    now,
    policy: channel,
    session: state.session,
    customer: { ...state.record, owner },
  });

const isSeen = (owner: Owner | undefined, seen: SeenOwner | null): boolean =>
  owner?.kind === seen?.kind && (seen === null || owner?.since === Date.parse(seen.since));

const refuseChanged = (conversation: Conversation, as: OwnerKind): ProblemDetails => {
  const { owner } = conversation;
  const detail =
    owner === undefined
      ? 'No one holds the conversation now: repeat the call without seen.'
      : `${HOLDERS[owner.kind]} holds the conversation since ${toInstantOfMs(owner.since)}: repeat the call with this owner as seen, or leave the conversation.`;
  const nextAction = as === 'bot' && isHuman(owner) ? 'wait' : undefined;
  return { code: 'owner_changed', detail, nextAction, session: toView(conversation) };
};

const refuseBot = (conversation: Conversation): ProblemDetails => ({
  code: 'window_closed',
  detail: 'A bot holds a conversation only while the customer care session is open: wait until the customer writes.',
  nextAction: 'wait_for_customer',
  session: toView(conversation),
});

const TAKEN_BY_A_MESSAGE = 'A session message that you send takes it over too.';

/** Hands the conversation over at the provider, where the account uses it. */
const controlThread = async (
  { senderOf, log }: SendRuntime,
  { channel, state }: Conversation,
  action: ThreadChange['action'],
): Promise<ProblemDetails | undefined> => {
  const outcome = await senderOf(channel).controlThread?.({ channel, customer: state.customer, action });
  if (outcome === undefined || outcome.kind === 'done') return undefined;
  if ('error' in outcome) {
    const { code: provider, class: class_ } = outcome.error;
    log.warn('outbound-send.thread-failed', { channel: channel.id, action, provider, class: class_ });
    log.count('ProviderErrors', 1, { class: class_ });
  }
  // A conversation that is not ours at the provider needs no release there.
  if (action === 'release' && outcome.kind === 'rejected') return undefined;
  const problem = repeatableProblem(outcome, 'hand the conversation over');
  return action === 'release' ? problem : { ...problem, detail: `${problem.detail} ${TAKEN_BY_A_MESSAGE}` };
};

const change = async (
  { store }: SendRuntime,
  conversation: Conversation,
  to: Pick<OwnerRecord, 'kind' | 'until'>,
): Promise<Answer | Contended> => {
  const { channel, state, now } = conversation;
  const before = state.record.owner;
  const after = nextOwner(before, { ...to, now });
  const changed = await store.changeOwner({ channel: channel.id, customer: state.customer, before, after });
  return changed ? json(200, toView(conversation, after)) : OWNER_CHANGED;
};

const take = async (
  runtime: SendRuntime,
  of: ChannelCustomer,
  { as, seen, until }: z.infer<typeof TakeRequest>,
): Promise<Answer | Contended> => {
  const conversation = await load(runtime, of);
  const { owner, state, now } = conversation;
  if (until !== undefined && Date.parse(until) <= now.getTime())
    return invalidRequest([{ path: 'until', message: `is in the past: it is ${now.toISOString()} now` }]).problem;
  if (!isSeen(owner, seen)) return refuseChanged(conversation, as);
  if (as === 'bot' && !isOpen(state.session, now)) return refuseBot(conversation);
  const refused = owner?.kind === 'meta_agent' ? await controlThread(runtime, conversation, 'take') : undefined;
  if (refused !== undefined) return refused;
  return change(runtime, conversation, { kind: as, until: until === undefined ? undefined : Date.parse(until) });
};

const release = async (
  runtime: SendRuntime,
  of: ChannelCustomer,
  { as, seen }: z.infer<typeof ReleaseRequest>,
): Promise<Answer | Contended> => {
  const conversation = await load(runtime, of);
  const { owner } = conversation;
  const isMeant = seen === undefined ? owner === undefined || owner.kind === as : isSeen(owner, seen);
  if (!isMeant) return refuseChanged(conversation, as);
  if (owner === undefined) return json(200, toView(conversation));
  const refused = owner.kind === 'meta_agent' ? undefined : await controlThread(runtime, conversation, 'release');
  return refused ?? change(runtime, conversation, { kind: 'none' });
};

/** Takes a conversation from the owner that the caller saw; refused with the owner when it is another one. */
export const takeSession: Responder<SendRuntime> = async (runtime, event) => {
  const [of, request] = [readCustomer(runtime, event), parseBody(TakeRequest, event)];
  if (!of.ok) return of.problem;
  if (!request.ok) return request.problem;
  return retryUnderContention(CHANGED_ITEMS, () => take(runtime, of.value, request.value));
};

/** Releases a conversation; a repetition changes nothing. */
export const releaseSession: Responder<SendRuntime> = async (runtime, event) => {
  const [of, request] = [readCustomer(runtime, event), parseBody(ReleaseRequest, event)];
  if (!of.ok) return of.problem;
  if (!request.ok) return request.problem;
  return retryUnderContention(CHANGED_ITEMS, () => release(runtime, of.value, request.value));
};
