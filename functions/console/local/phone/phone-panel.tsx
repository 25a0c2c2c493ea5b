import { useEffect, useRef, useState } from 'react';
import { useChannels } from '../../page/api/use-channels.ts';
import { phoneNumber } from '../../page/ui/customer-name.ts';
import { Icon } from '../../page/ui/icon.tsx';
import type { PhoneMessage, PhoneScreen } from '../local-api.ts';
import type { LocalPanelsProps } from '../local-panels-props.ts';
import { localStrings } from '../local-strings.ts';
import { PhoneBubble } from './phone-bubble.tsx';
import { PhoneComposer } from './phone-composer.tsx';
import { PhoneSettings } from './phone-settings.tsx';
import { type Phone, usePhones } from './phones.ts';
import { type Act, usePhoneScreen } from './use-phone-screen.ts';

const strings = localStrings.phone;

const ownerOf = ({ from, userId }: Phone): string => (from === '' ? userId : phoneNumber(from));

interface ScreenProps {
  readonly screen: PhoneScreen | undefined;
  readonly onAct: Act;
  readonly onQuote: (message: PhoneMessage) => void;
  readonly onPlayed: (id: string) => void;
}

/** The conversation as the customer sees it; it stays at its end. */
const Screen = ({ screen, ...of }: ScreenProps) => {
  const end = useRef<HTMLOListElement>(null);
  const messages = screen?.messages ?? [];
  useEffect(() => {
    const list = end.current;
    if (list === null || messages.length === 0) return;
    const toEnd = () => list.scrollTo({ top: list.scrollHeight });
    // Its height changes with the bar of time above it: the first call comes at once.
    const observer = new ResizeObserver(toEnd);
    observer.observe(list);
    return () => observer.disconnect();
  }, [messages.length]);
  return (
    // The list scrolls: the keyboard must reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
    <ol className="phone-screen" ref={end} tabIndex={0} aria-label={strings.screen}>
      {screen !== undefined && messages.length === 0 && <li className="phone-hint muted">{strings.empty}</li>}
      {messages.map((message) => (
        <PhoneBubble key={message.id} message={message} {...of} />
      ))}
      {screen?.isTyping === true && <li className="phone-typing muted">{strings.typing}</li>}
    </ol>
  );
};

interface PhonesBarProps {
  readonly phones: readonly Phone[];
  readonly phone: Phone;
  readonly onChoose: (id: string) => void;
  readonly onAdd: () => void;
}

const PhonesBar = ({ phones, phone, onChoose, onAdd }: PhonesBarProps) => (
  <fieldset className="phones" aria-label={strings.phones}>
    {phones.map(({ id, name }) => (
      <button key={id} type="button" className="chip" aria-pressed={id === phone.id} onClick={() => onChoose(id)}>
        <bdi>{name}</bdi>
      </button>
    ))}
    <button type="button" className="chip add" aria-label={strings.add} title={strings.add} onClick={onAdd}>
      +
    </button>
  </fieldset>
);

/** A customer's phone in hand: what is done here reaches the service as a signed webhook in the provider's own format. */
const PhoneInHand = ({
  phone,
  channel,
  onEdit,
}: {
  readonly phone: Phone;
  readonly channel: string;
  readonly onEdit: () => void;
}) => {
  const { screen, act, played } = usePhoneScreen(phone, channel);
  const [quoted, setQuoted] = useState<PhoneMessage>();
  return (
    <section className="phone" aria-label={strings.label}>
      <header>
        <span className="phone-face" aria-hidden="true">
          {phone.name.slice(0, 1)}
        </span>
        <div>
          <strong>
            <bdi>{phone.name}</bdi>
          </strong>
          <span className="muted">
            <bdi>{ownerOf(phone)}</bdi> · {channel}
          </span>
        </div>
        <button type="button" className="icon-button" aria-label={strings.edit} title={strings.edit} onClick={onEdit}>
          <Icon name="user" />
        </button>
      </header>
      <Screen screen={screen} onAct={act.mutate} onQuote={setQuoted} onPlayed={played} />
      <PhoneComposer act={act} quoted={quoted} onUnquote={() => setQuoted(undefined)} />
    </section>
  );
};

/** The phones of customers. */
export const PhonePanel = ({ channel, customer }: LocalPanelsProps) => {
  const { phones, phone, choose, add, update, remove } = usePhones(customer);
  const { data: channels = [] } = useChannels();
  const [isEditing, setIsEditing] = useState(false);
  const own = channels.some(({ id }) => id === phone.channel) ? phone.channel : channel;
  const removeThis = () => {
    remove(phone.id);
    setIsEditing(false);
  };
  return (
    <>
      <PhonesBar phones={phones} phone={phone} onChoose={choose} onAdd={add} />
      <PhoneInHand key={phone.id} phone={phone} channel={own} onEdit={() => setIsEditing(true)} />
      {isEditing && (
        <PhoneSettings
          phone={phone}
          channels={channels.map(({ id }) => id)}
          onChange={update}
          onRemove={phones.length > 1 ? removeThis : undefined}
          onClose={() => setIsEditing(false)}
        />
      )}
    </>
  );
};
