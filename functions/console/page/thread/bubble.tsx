import { strings } from '../strings.ts';
import { fullTime, timeOfDay } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { Message } from './thread-messages.ts';

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

const textOf = ({ content }: Message): string => {
  const { text } = content;
  return typeof text === 'string' ? text : `[${content.type}]`;
};

/** One message, as the customer sees it. */
export const Bubble = ({ message }: { readonly message: Message }) => (
  <li className={`bubble ${message.direction}`}>
    <p dir="auto">{textOf(message)}</p>
    <footer>
      <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
        {timeOfDay(message.createdAt)}
      </time>
      {message.direction === 'outbound' && <Ticks status={message.status} />}
    </footer>
  </li>
);
