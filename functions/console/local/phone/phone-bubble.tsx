import { useState } from 'react';
import { timeOfDay } from '../../page/ui/format.ts';
import { Icon, type IconName } from '../../page/ui/icon.tsx';
import type { Choice, PhoneMessage } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import { FlowDialog } from './flow-dialog.tsx';
import { PhoneContent } from './phone-content.tsx';
import type { Act } from './use-phone-screen.ts';

const strings = localStrings.phone;

const TICKS: Readonly<Record<string, IconName>> = {
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  played: 'checks',
};

const Ticks = ({ status }: Pick<PhoneMessage, 'status'>) => (
  <span className={`ticks ${status}`} title={status}>
    <Icon name={TICKS[status] ?? 'clock'} size={14} />
    <span className="visually-hidden">{status}</span>
  </span>
);

const SILENT: Readonly<Partial<Record<Choice['kind'], string>>> = { link: strings.link, copy_code: strings.code };

interface ChoicesProps {
  readonly choices: readonly Choice[];
  readonly onTap: (choice: Choice) => void;
}

const Choices = ({ choices, onTap }: ChoicesProps) => (
  <div className="phone-choices">
    {choices.map((choice) => (
      <button
        key={`${choice.kind} ${choice.id}`}
        type="button"
        disabled={SILENT[choice.kind] !== undefined}
        title={SILENT[choice.kind] ?? choice.description}
        onClick={() => onTap(choice)}
      >
        <bdi>{choice.title}</bdi>
        {choice.description !== undefined && <small>{choice.description}</small>}
      </button>
    ))}
  </div>
);

interface PhoneBubbleProps {
  readonly message: PhoneMessage;
  readonly onAct: Act;
  readonly onQuote: (message: PhoneMessage) => void;
  readonly onPlayed: (id: string) => void;
}

const REACTION = '👍';

const BubbleActions = ({ message, onAct, onQuote }: PhoneBubbleProps) => (
  <span className="phone-actions">
    <button
      type="button"
      aria-label={strings.react(REACTION)}
      title={strings.react(REACTION)}
      onClick={() => onAct({ reaction: { messageId: message.id, emoji: REACTION } })}
    >
      {REACTION}
    </button>
    <button type="button" aria-label={strings.quote} title={strings.quote} onClick={() => onQuote(message)}>
      <Icon name="reply" size={14} />
    </button>
  </span>
);

/** One message on the phone, with what can be tapped in it. */
export const PhoneBubble = (props: PhoneBubbleProps) => {
  const { message, onAct, onPlayed } = props;
  const [isAnswering, setIsAnswering] = useState(false);
  const { id: messageId, by, at, status, choices = [], cards = [] } = message;
  const tap = ({ kind, id }: Choice) => (kind === 'flow' ? setIsAnswering(true) : onAct({ tap: { messageId, id } }));
  return (
    <li className={`phone-bubble ${by}`}>
      <PhoneContent shown={message} onPlayed={by === 'business' ? () => onPlayed(messageId) : undefined} />
      {cards.map((card, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a message never change
        <div key={index} className="phone-card">
          <PhoneContent shown={card} />
          <Choices choices={card.choices ?? []} onTap={tap} />
        </div>
      ))}
      <footer>
        {by === 'business' && <BubbleActions {...props} />}
        <time dateTime={at}>{timeOfDay(at)}</time>
        {by === 'customer' && <Ticks status={status} />}
      </footer>
      {choices.length > 0 && <Choices choices={choices} onTap={tap} />}
      {isAnswering && (
        <FlowDialog
          onClose={() => setIsAnswering(false)}
          onSend={(response) => onAct({ flow: { messageId, response } })}
        />
      )}
    </li>
  );
};
