import { Icon, type IconName } from '../../page/ui/icon.tsx';
import type { Shown } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import { PhoneFile } from './phone-file.tsx';

interface NamedProps {
  readonly icon: IconName;
  readonly name: string | undefined;
  readonly more: string | undefined;
}

/** A place or a person: a name, and how to get there. */
const Named = ({ icon, name, more }: NamedProps) => (
  <p className="phone-place">
    <Icon name={icon} size={16} />
    <span>
      <bdi>{name}</bdi>
      <span className="muted">{more}</span>
    </span>
  </p>
);

/** Of a message that the phone cannot show, its type is named. */
const isBare = ({ text, file, location, contacts, reaction, cards }: Shown): boolean =>
  [text, file, location, contacts, reaction, cards].every((part) => part === undefined);

const Text = ({ text, className }: { readonly text: string | undefined; readonly className: string }) =>
  text === undefined ? null : (
    <p dir="auto" className={className}>
      {text}
    </p>
  );

interface PhoneContentProps {
  readonly shown: Shown;
  readonly onPlayed?: (() => void) | undefined;
}

/** Everything of a message but its choices. */
export const PhoneContent = ({ shown, onPlayed }: PhoneContentProps) => {
  const { header, file, location, contacts = [], text, footer, reaction, type } = shown;
  return (
    <>
      <Text text={header} className="phone-header" />
      {file !== undefined && <PhoneFile key={file.id ?? file.link} file={file} onPlayed={onPlayed} />}
      {location !== undefined && (
        <Named icon="pin" name={location.name} more={`${location.latitude}, ${location.longitude}`} />
      )}
      {contacts.map(({ name, phone }) => (
        <Named key={`${name} ${phone}`} icon="contact" name={name} more={phone} />
      ))}
      <Text text={text} className="phone-text" />
      <Text text={footer} className="muted" />
      {reaction !== undefined && <p className="phone-reaction">{reaction.emoji || localStrings.phone.deleted}</p>}
      {isBare(shown) && <p className="muted">{type}</p>}
    </>
  );
};
