import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useNow } from '../api/use-now.ts';
import { secondsLeft } from '../sessions/session-rows.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { countdown } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { urgencyOf } from '../ui/ring.tsx';
import { AttachMenu } from './attach-menu.tsx';
import { AttachmentChip, isAttachment, toContent } from './attachment.tsx';
import { useKept } from './drafts.ts';
import type { Outbox } from './outbox.ts';
import { TemplatePicker } from './template-picker.tsx';
import type { Check } from './use-check.ts';

const TimeLeft = ({ check }: { readonly check: Check }) => {
  const left = secondsLeft(check.session, useNow());
  return <span className={`time-left ${urgencyOf(left)}`}>{strings.composer.left(countdown(left))}</span>;
};

interface TextBoxProps {
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly onSend: () => void;
}

const TextBox = ({ draft, onDraft, onSend }: TextBoxProps) => {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSend();
  };
  return (
    <textarea
      id="composer-text"
      aria-label={strings.composer.label}
      placeholder={strings.composer.placeholder}
      dir="auto"
      rows={2}
      value={draft}
      onChange={({ target }) => onDraft(target.value)}
      onKeyDown={onKeyDown}
    />
  );
};

interface OpenComposerProps {
  readonly conversation: Conversation;
  readonly check: Check | undefined;
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly outbox: Outbox;
}

/** What the send button does with draft and attachment. */
const useSubmit = ({ conversation, draft, outbox }: OpenComposerProps) => {
  const [attachment, setAttachment] = useKept('attachment', conversation, isAttachment);
  const content = toContent(draft, attachment);
  const submit = async () => {
    if (content === undefined) return;
    const { channel, customer } = conversation;
    if (await outbox.send({ channel, to: customer, content, as: 'person' })) setAttachment(undefined);
  };
  return { attachment, setAttachment, submit, canSend: content !== undefined && !outbox.isBusy };
};

/** Text, file, location or contact, while the window is open; a template on request. */
export const OpenComposer = (props: OpenComposerProps) => {
  const { conversation, check, draft, onDraft, outbox } = props;
  const [showsTemplates, setShowsTemplates] = useState(false);
  const { attachment, setAttachment, submit, canSend } = useSubmit(props);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit();
  };
  if (showsTemplates)
    return (
      <>
        <button type="button" className="button quiet" onClick={() => setShowsTemplates(false)}>
          <Icon name="arrow_left" size={16} />
          {strings.composer.backToText}
        </button>
        <TemplatePicker conversation={conversation} outbox={outbox} onSent={() => setShowsTemplates(false)} />
      </>
    );
  return (
    <form onSubmit={onSubmit}>
      {attachment !== undefined && <AttachmentChip attachment={attachment} onRemove={() => setAttachment(undefined)} />}
      <TextBox draft={draft} onDraft={onDraft} onSend={() => void submit()} />
      <div className="composer-bar">
        <AttachMenu conversation={conversation} onAttach={setAttachment} onTemplates={() => setShowsTemplates(true)} />
        {check !== undefined && <TimeLeft check={check} />}
        <button type="submit" className="button primary" disabled={check === undefined || !canSend}>
          <Icon name="send" size={16} />
          {strings.composer.send}
        </button>
      </div>
    </form>
  );
};
