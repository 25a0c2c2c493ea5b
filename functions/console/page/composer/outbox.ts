import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type components, ProblemError, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { type Conversation, threadKey } from '../thread/use-thread.ts';
import { hasKept, useDraft, useKept } from './drafts.ts';
import { checkKey } from './use-check.ts';

export type SendRequest = components['schemas']['SendRequest'];
export type Problem = components['schemas']['Problem'];

/** A send that was begun: its key was made before the first try, so that however often it is repeated, one message goes. */
export interface Pending {
  readonly key: string;
  readonly request: SendRequest;
}

const isPending = (value: unknown): value is Pending =>
  typeof value === 'object' && value !== null && 'key' in value && 'request' in value;

/** Why a send was not confirmed: the service refused it, or no answer came. */
export type Failure = { readonly kind: 'refused'; readonly problem: Problem } | { readonly kind: 'no_answer' };

const toFailure = (error: unknown): Failure =>
  error instanceof ProblemError ? { kind: 'refused', problem: error.problem } : { kind: 'no_answer' };

/** A refusal is final for this content; where the service or no one answered, the same key may be sent again. */
const isFinal = (failure: Failure): boolean =>
  failure.kind === 'refused' && failure.problem.nextAction !== 'retry_later';

/** Where nothing was sent, what was typed goes back into the draft. */
const textIn = ({ request }: Pending): string => {
  const { content } = request;
  if (content.type === 'text') return content.text;
  return 'caption' in content ? (content.caption ?? '') : '';
};

const lockOf = ({ channel, customer }: Conversation): string => `carewindow.send.${channel}.${customer}`;

interface Tried {
  readonly isSending: boolean;
  readonly failure?: Failure;
}

/** One call at a time, and what came of the last one. */
const useCall = (conversation: Conversation) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  const [tried, setTried] = useState<Tried>({ isSending: false });
  const call = async ({ key, request }: Pending): Promise<Failure | undefined> => {
    setTried({ isSending: true });
    const params = { header: { 'Idempotency-Key': key } };
    const failure = await unwrap(api.POST('/v1/messages', { params, body: request })).then(() => undefined, toFailure);
    setTried(failure === undefined ? { isSending: false } : { isSending: false, failure });
    for (const queryKey of [threadKey(conversation), checkKey(conversation)])
      void queries.invalidateQueries({ queryKey });
    return failure;
  };
  return { tried, call, forget: () => setTried({ isSending: false }) };
};

/**
 * Sends the messages of a conversation one by one, whatever tab they come from: what is being sent leaves the draft, and
 * returns to it when it was refused or is given up.
 */
export const useOutbox = (conversation: Conversation) => {
  const [pending, keepPending] = useKept('pending', conversation, isPending);
  const draft = useDraft(conversation);
  const { tried, call, forget } = useCall(conversation);
  const giveBack = (given: Pending) => {
    keepPending(undefined);
    if (!hasKept('draft', conversation)) draft.begin(textIn(given));
  };
  const attempt = async (given: Pending): Promise<boolean> => {
    const failure = await call(given);
    if (failure === undefined) keepPending(undefined);
    else if (isFinal(failure)) giveBack(given);
    return failure === undefined;
  };
  const sendAlone = async (request: SendRequest): Promise<boolean> => {
    if (hasKept('pending', conversation)) return false;
    const key = request.content.type === 'template' ? undefined : draft.key;
    const begun = { key: key ?? crypto.randomUUID(), request };
    keepPending(begun);
    if (textIn(begun) !== '') draft.write('');
    return attempt(begun);
  };
  /** Sends a new message, unless another one is under way in any tab; resolves to whether the service took it. */
  const send = (request: SendRequest): Promise<boolean> =>
    navigator.locks.request(lockOf(conversation), { ifAvailable: true }, async (lock) =>
      lock === null ? false : sendAlone(request),
    );
  /** Repeats the send that no answer came to, with its own key. */
  const repeat = async (): Promise<boolean> => pending !== undefined && attempt(pending);
  const dismiss = () => {
    if (pending !== undefined) giveBack(pending);
    forget();
  };
  return { pending, ...tried, isBusy: pending !== undefined, send, repeat, dismiss };
};
export type Outbox = ReturnType<typeof useOutbox>;
