import { useState } from 'react';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Icon } from '../ui/icon.tsx';
import { ConsentForm } from './consent-form.tsx';
import type { Outbox } from './outbox.ts';
import { TemplatePicker } from './template-picker.tsx';
import type { Check } from './use-check.ts';

type Refused = Extract<Check, { allowed: false }>;

/** What was typed before the window closed: it is sent once the customer writes again. */
const KeptDraft = ({ draft }: { readonly draft: string }) => (
  <div className="kept-draft">
    <Icon name="file" size={16} />
    <p>
      <strong>{strings.composer.keptDraft}</strong> <bdi>{draft}</bdi>
    </p>
  </div>
);

const RecordOptIn = ({ conversation }: { readonly conversation: Conversation }) => {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <ConsentForm conversation={conversation} state="opted_in" />;
  return (
    <button type="button" className="button" onClick={() => setOpen(true)}>
      {strings.consent.open}
    </button>
  );
};

interface WayOutProps {
  readonly check: Refused;
  readonly conversation: Conversation;
  readonly outbox: Outbox;
}

/** What may be done instead, as the service names it. */
const WayOut = ({ check, conversation, outbox }: WayOutProps) => {
  if (check.nextAction === 'send_template')
    return <TemplatePicker conversation={conversation} outbox={outbox} onSent={() => undefined} />;
  if (check.nextAction === 'collect_opt_in') return <ConsentForm conversation={conversation} state="opted_in" />;
  return check.code === 'opted_out' ? <RecordOptIn conversation={conversation} /> : undefined;
};

interface ClosedComposerProps extends WayOutProps {
  readonly draft: string;
}

/** Why no message may be written now, and the way out; the draft is kept. */
export const ClosedComposer = ({ draft, ...wayOut }: ClosedComposerProps) => (
  <div className="closed-composer">
    <div className="notice calm" role="status">
      <Icon name="lock" />
      <p>
        {strings.composer.reasons[wayOut.check.nextAction] ?? wayOut.check.detail}
        <span className="muted detail">{wayOut.check.detail}</span>
      </p>
    </div>
    {draft.trim() !== '' && <KeptDraft draft={draft} />}
    <WayOut {...wayOut} />
  </div>
);
