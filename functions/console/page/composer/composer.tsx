import { ProblemError } from '../../../client/client.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Icon } from '../ui/icon.tsx';
import { ClosedComposer } from './closed-composer.tsx';
import { useDraft } from './drafts.ts';
import { OpenComposer } from './open-composer.tsx';
import { type Outbox, type Problem, useOutbox } from './outbox.ts';
import type { Check } from './use-check.ts';

const reasonsIn = ({ detail, errors = [] }: Problem): string =>
  [detail, ...errors.map(({ path, message }) => `${path} ${message}`)].join(' ');

const failureText = ({ failure }: Outbox): string => {
  if (failure?.kind === 'refused') return reasonsIn(failure.problem);
  return failure === undefined ? strings.composer.unconfirmed : strings.composer.noAnswer;
};

/** A send that was refused, or that no answer came to. */
const SendFailure = ({ outbox }: { readonly outbox: Outbox }) => {
  const { failure, pending, isSending, repeat, dismiss } = outbox;
  if (isSending) return <p className="muted sending">{strings.composer.sending}</p>;
  if (failure === undefined && pending === undefined) return undefined;
  return (
    <div className="notice" role="alert">
      <Icon name="alert" />
      <p>{failureText(outbox)}</p>
      {pending !== undefined && (
        <button type="button" className="button" onClick={() => void repeat()}>
          {strings.composer.retry}
        </button>
      )}
      <button type="button" className="button quiet" onClick={dismiss}>
        {pending === undefined ? strings.close : strings.composer.discard}
      </button>
    </div>
  );
};

interface ComposerProps {
  readonly conversation: Conversation;
  /** What may be sent now; `undefined` until the service has answered. */
  readonly check: Check | undefined;
  /** Why the service does not say it. */
  readonly checkError: Error | null;
}

/** What may be written to the customer now. It changes with the window, in front of the user's eyes. */
export const Composer = ({ conversation, check, checkError }: ComposerProps) => {
  const draft = useDraft(conversation);
  const outbox = useOutbox(conversation);
  return (
    <div className="composer">
      <SendFailure outbox={outbox} />
      {checkError instanceof ProblemError && (
        <p className="notice" role="alert">
          {checkError.problem.detail}
        </p>
      )}
      {check?.allowed === false ? (
        <ClosedComposer conversation={conversation} check={check} draft={draft.text} outbox={outbox} />
      ) : (
        <OpenComposer
          conversation={conversation}
          check={check}
          draft={draft.text}
          onDraft={draft.write}
          outbox={outbox}
        />
      )}
    </div>
  );
};
