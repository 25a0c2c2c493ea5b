import { type FormEvent, useState } from 'react';
import { strings } from '../strings.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { Attachment } from './attachment.tsx';

interface LocationDialogProps {
  readonly onAttach: (attachment: Attachment) => void;
  readonly onClose: () => void;
}

const isWithin = (text: string, limit: number): boolean => text.trim() !== '' && Math.abs(Number(text)) <= limit;

/** Asks for a place. */
export const LocationDialog = ({ onAttach, onClose }: LocationDialogProps) => {
  const [name, setName] = useState('');
  const [coordinates, setCoordinates] = useState('');
  const [latitude = '', longitude = ''] = coordinates.split(',');
  const isValid = isWithin(latitude, 90) && isWithin(longitude, 180);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isValid)
      onAttach({ kind: 'location', name: name.trim(), latitude: Number(latitude), longitude: Number(longitude) });
  };
  return (
    <Dialog title={strings.composer.location} onClose={onClose}>
      <form onSubmit={submit}>
        <label className="field">
          <span>{strings.composer.locationName}</span>
          <input value={name} maxLength={1_000} onChange={({ target }) => setName(target.value)} />
        </label>
        <label className="field">
          <span>{strings.composer.coordinates}</span>
          <input
            required
            inputMode="decimal"
            placeholder="52.5163, 13.3777"
            value={coordinates}
            onChange={({ target }) => setCoordinates(target.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={!isValid}>
          {strings.composer.attach}
        </button>
      </form>
    </Dialog>
  );
};
