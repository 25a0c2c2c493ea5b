import { type FormEvent, useState } from 'react';
import { Dialog } from '../../page/ui/dialog.tsx';
import { localStrings } from '../local-strings.ts';
import type { Phone } from './phones.ts';

const strings = localStrings.phone;

interface PhoneSettingsProps {
  readonly phone: Phone;
  readonly channels: readonly string[];
  readonly onChange: (phone: Phone) => void;
  /** Absent for the last phone. */
  readonly onRemove: (() => void) | undefined;
  readonly onClose: () => void;
}

interface ChannelChoiceProps {
  readonly channels: readonly string[];
  readonly chosen: string;
  readonly onChoose: (channel: string) => void;
}

const ChannelChoice = ({ channels, chosen, onChoose }: ChannelChoiceProps) => (
  <label>
    {strings.channel}
    <select value={chosen} onChange={({ target }) => onChoose(target.value)}>
      <option value="">{strings.ownChannel}</option>
      {channels.map((id) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  </label>
);

interface WhoFieldsProps {
  readonly draft: Phone;
  readonly onSet: (changed: Partial<Phone>) => void;
}

const WhoFields = ({ draft, onSet }: WhoFieldsProps) => (
  <>
    <label>
      {strings.name}
      <input value={draft.name} required onChange={({ target }) => onSet({ name: target.value })} />
    </label>
    <label>
      {strings.from}
      <input
        type="tel"
        value={draft.from}
        required={draft.userId === ''}
        pattern="\+?[1-9][0-9]{6,14}"
        onChange={({ target }) => onSet({ from: target.value.trim() })}
      />
    </label>
    <label>
      {strings.userId}
      <input value={draft.userId} onChange={({ target }) => onSet({ userId: target.value.trim() })} />
    </label>
    <p className="muted">{strings.either}</p>
  </>
);

/** Whose phone it is, and how its owner behaves. */
export const PhoneSettings = ({ phone, channels, onChange, onRemove, onClose }: PhoneSettingsProps) => {
  const [draft, setDraft] = useState(phone);
  const set = (changed: Partial<Phone>) => setDraft({ ...draft, ...changed });
  const save = (event: FormEvent) => {
    event.preventDefault();
    onChange(draft);
    onClose();
  };
  return (
    <Dialog title={strings.edit} onClose={onClose}>
      <form onSubmit={save}>
        <WhoFields draft={draft} onSet={set} />
        <ChannelChoice channels={channels} chosen={draft.channel} onChoose={(channel) => set({ channel })} />
        <label className="check" title={strings.readsWhy}>
          <input type="checkbox" checked={draft.reads} onChange={({ target }) => set({ reads: target.checked })} />
          {strings.reads}
        </label>
        <div className="dialog-actions">
          {onRemove !== undefined && (
            <button type="button" className="button danger" onClick={onRemove}>
              {strings.remove}
            </button>
          )}
          <button type="submit" className="button primary">
            {strings.done}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
