import { textAt } from '../api/loose.ts';
import { useDraft } from '../composer/drafts.ts';
import { strings } from '../strings.ts';
import { fullTime, priceName, timeOfDay } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Content, summaryOf } from './content.tsx';
import { Referral } from './referral.tsx';
import { Settle } from './settle.tsx';
import type { Message } from './thread-messages.ts';
import type { Conversation } from './use-thread.ts';
import { whyOf } from './why.ts';

const TICKS: Readonly<Record<Message['status'], IconName>> = {
  received: 'check',
  accepted: 'clock',
  in_doubt: 'help',
  held: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  played: 'checks',
  failed: 'alert',
};

const Ticks = ({ status }: Pick<Message, 'status'>) => (
  <span className={`ticks ${status}`} title={strings.status[status]}>
    <Icon name={TICKS[status]} size={15} />
    <span className="visually-hidden">{strings.status[status]}</span>
  </span>
);

/** Why it failed, and the text back into the composer. */
const Failed = ({ conversation, message }: { readonly conversation: Conversation; readonly message: Message }) => {
  const draft = useDraft(conversation);
  const error = message.statuses.findLast(({ status }) => status === 'failed')?.error;
  const text = textAt(message.content, 'text');
  return (
    <div className="failed">
      <p>{error === undefined ? strings.failed.unknown : strings.failed.because(error.title, error.code)}</p>
      {text !== '' && (
        <button type="button" className="button quiet" onClick={() => draft.begin(text)}>
          {strings.failed.again}
        </button>
      )}
    </div>
  );
};

const Quote = ({ quoted }: { readonly quoted: Message }) => (
  <blockquote className="quote">
    <bdi>{summaryOf(quoted)}</bdi>
  </blockquote>
);

const Why = ({ message }: { readonly message: Message }) => {
  const why = whyOf(message);
  if (why === '') return undefined;
  return (
    <details className="why">
      <summary>{strings.why.label}</summary>
      <p>{why}</p>
      <ol>
        {message.statuses.map(({ status, at }) => (
          <li key={`${status} ${at}`}>{strings.why.status(strings.status[status], fullTime(at))}</li>
        ))}
      </ol>
    </details>
  );
};

interface BubbleProps {
  readonly conversation: Conversation;
  readonly message: Message;
  /** The message that it answers. */
  readonly quoted: Message | undefined;
}

/** Marks of a message beside its content. */
const Tags = ({ message: { author, forwarded, pricing } }: Pick<BubbleProps, 'message'>) => (
  <>
    {author !== undefined && <span className="tag">{strings.owner.kinds[author]}</span>}
    {forwarded === true && <span className="tag">{strings.content.forwarded}</span>}
    {pricing !== undefined && <span>{priceName(pricing.category)}</span>}
  </>
);

/** One message, as the customer sees it, with what became of it and why it was sent. */
export const Bubble = ({ conversation, message, quoted }: BubbleProps) => (
  <li className={`bubble ${message.direction}`} data-type={message.content.type} data-status={message.status}>
    <Referral referral={message.referral} />
    {quoted !== undefined && <Quote quoted={quoted} />}
    <Content conversation={conversation} message={message} />
    {message.status === 'failed' && <Failed conversation={conversation} message={message} />}
    {message.status === 'in_doubt' && <Settle id={message.id} />}
    <footer>
      <Why message={message} />
      <Tags message={message} />
      <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
        {timeOfDay(message.createdAt)}
      </time>
      {message.direction === 'outbound' && <Ticks status={message.status} />}
    </footer>
  </li>
);
