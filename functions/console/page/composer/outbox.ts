import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type components, ProblemError, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { type Conversation, threadKey } from '../thread/use-thread.ts';
import { useKept } from './drafts.ts';
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

/** Sends the messages of a conversation one by one. */
export const useOutbox = (conversation: Conversation) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  const [pending, keepPending] = useKept('pending', conversation, isPending);
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const attempt = async ({ key, request }: Pending): Promise<boolean> => {
    setSending(true);
    setFailure(undefined);
    try {
      const params = { header: { 'Idempotency-Key': key } };
      await unwrap(api.POST('/v1/messages', { params, body: request }));
      keepPending(undefined);
      return true;
    } catch (error) {
      const failed = toFailure(error);
      setFailure(failed);
      if (isFinal(failed)) keepPending(undefined);
      return false;
    } finally {
      setSending(false);
      for (const queryKey of [threadKey(conversation), checkKey(conversation)])
        void queries.invalidateQueries({ queryKey });
    }
  };
  /** Sends a new message; resolves to whether the service took it. */
  const send = (request: SendRequest): Promise<boolean> => {
    const begun = { key: crypto.randomUUID(), request };
    keepPending(begun);
    return attempt(begun);
  };
  /** Repeats the send that no answer came to, with its own key. */
  const repeat = async (): Promise<boolean> => pending !== undefined && attempt(pending);
  const dismiss = () => {
    keepPending(undefined);
    setFailure(undefined);
  };
  return { pending, failure, isSending, send, repeat, dismiss };
};
export type Outbox = ReturnType<typeof useOutbox>;
