import type { FormEvent, KeyboardEvent } from 'react';
import { useNow } from '../api/use-now.ts';
import { secondsLeft } from '../sessions/session-rows.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { countdown } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useKept } from './drafts.ts';
import { type Outbox, useOutbox } from './outbox.ts';
import type { Check } from './use-check.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

interface ComposerProps {
  readonly conversation: Conversation;
  /** What may be sent now; `undefined` until the service has answered. */
  readonly check: Check | undefined;
}

const SendFailure = ({ outbox }: { readonly outbox: Outbox }) => {
  const { failure, pending, repeat, dismiss } = outbox;
  if (failure === undefined) return undefined;
  return (
    <div className="notice" role="alert">
      <Icon name="alert" />
      <p>{failure.kind === 'refused' ? failure.problem.detail : strings.composer.failed}</p>
      {pending !== undefined && (
        <button type="button" className="button" onClick={() => void repeat()}>
          {strings.composer.retry}
        </button>
      )}
      <button type="button" className="button quiet" onClick={dismiss}>
        {strings.composer.discard}
      </button>
    </div>
  );
};

const TimeLeft = ({ check }: { readonly check: Check }) => {
  const left = secondsLeft(check.session, useNow());
  return <span className="muted time-left">{strings.composer.left(countdown(left))}</span>;
};

/** What may be written to the customer now. */
export const Composer = ({ conversation, check }: ComposerProps) => {
  const [draft = '', keepDraft] = useKept('draft', conversation, isText);
  const outbox = useOutbox(conversation);
  const { channel, customer } = conversation;
  const submit = async () => {
    const text = draft;
    if (text.trim() === '' || outbox.isSending) return;
    if (await outbox.send({ channel, to: customer, content: { type: 'text', text }, as: 'person' }))
      keepDraft(undefined);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) onSubmit(event);
  };
  return (
    <form className="composer" onSubmit={onSubmit}>
      <SendFailure outbox={outbox} />
      <textarea
        aria-label={strings.composer.label}
        placeholder={strings.composer.placeholder}
        dir="auto"
        rows={2}
        value={draft}
        onChange={({ target }) => keepDraft(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-bar">
        {check?.allowed === true && <TimeLeft check={check} />}
        <button type="submit" className="button primary" disabled={check?.allowed !== true || outbox.isSending}>
          <Icon name="send" size={16} />
          {strings.composer.send}
        </button>
      </div>
    </form>
  );
};
