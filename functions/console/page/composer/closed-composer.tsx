import { type ReactNode, useState } from 'react';
import { useChannels } from '../api/use-channels.ts';
import { useNow } from '../api/use-now.ts';
import { secondsLeft } from '../sessions/session-rows.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { countdown } from '../ui/format.ts';
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

interface WayOutProps {
  readonly check: Refused;
  readonly conversation: Conversation;
  readonly outbox: Outbox;
}

/** Shows a way out when the user asks for it. */
const OnRequest = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return children;
  return (
    <button type="button" className="button way-out" onClick={() => setOpen(true)}>
      {label}
    </button>
  );
};

/** The re-engagement is used: a notification needs none, where the channel allows it. */
const Notification = ({ conversation, outbox }: WayOutProps) => {
  const { data: channels = [] } = useChannels();
  const allows = channels.find(({ id }) => id === conversation.channel)?.notifications === 'allow';
  return (
    allows && (
      <OnRequest label={strings.composer.notification}>
        <TemplatePicker conversation={conversation} outbox={outbox} purpose="notification" />
      </OnRequest>
    )
  );
};

/** What may be done instead, as the service names it. */
const WayOut = (props: WayOutProps) => {
  const { check, conversation, outbox } = props;
  if (check.nextAction === 'send_template') return <TemplatePicker conversation={conversation} outbox={outbox} />;
  if (check.nextAction === 'collect_opt_in') return <ConsentForm conversation={conversation} state="opted_in" />;
  if (check.nextAction === 'wait_for_customer') return <Notification {...props} />;
  if (check.code !== 'opted_out') return undefined;
  return (
    <OnRequest label={strings.consent.open}>
      <ConsentForm conversation={conversation} state="opted_in" />
    </OnRequest>
  );
};

interface ClosedComposerProps extends WayOutProps {
  readonly draft: string;
}

/** The seconds before the end are too few for a message to arrive: the window is still open, and the composer is not. */
const Reason = ({ check }: Pick<WayOutProps, 'check'>) => {
  const left = secondsLeft(check.session, useNow());
  const isTooLate = left > 0 && check.code === 'window_closed';
  return (
    <div className="notice calm" role="status">
      <Icon name="lock" />
      <p>
        {isTooLate
          ? strings.composer.tooLate(countdown(left))
          : (strings.composer.reasons[check.nextAction] ?? check.detail)}
        <span className="muted detail">{check.detail}</span>
      </p>
    </div>
  );
};

/** Why no message may be written now, and the way out; the draft is kept. */
export const ClosedComposer = ({ draft, ...wayOut }: ClosedComposerProps) => (
  <div className="closed-composer">
    <Reason check={wayOut.check} />
    {draft.trim() !== '' && <KeptDraft draft={draft} />}
    <WayOut {...wayOut} />
  </div>
);
