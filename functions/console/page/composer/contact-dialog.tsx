import { type FormEvent, useState } from 'react';
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { Attachment } from './attachment.tsx';

interface ContactDialogProps {
  readonly onAttach: (attachment: Attachment) => void;
  readonly onClose: () => void;
}

/** Asks for a contact card. */
export const ContactDialog = ({ onAttach, onClose }: ContactDialogProps) => {
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAttach({ kind: 'contact', name: name.trim(), phone: phone.trim() });
  };
  return (
    <Dialog title={strings.composer.contact} onClose={onClose}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{strings.composer.contactName}</span>
          <input required pattern=".*\S.*" value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <label className="field">
          <span>{strings.composer.contactPhone}</span>
          <input required type="tel" value={phone} onChange={({ target }) => setPhone(target.value)} />
        </label>
        <button type="submit" className="button primary">
          {strings.composer.attach}
        </button>
      </form>
    </Dialog>
  );
};
