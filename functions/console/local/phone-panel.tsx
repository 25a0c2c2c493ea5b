import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Icon } from '../page/ui/icon.tsx';
import { callLocal } from './call-local.ts';
import type { LocalPanelsProps } from './local-panels-props.ts';
import { localStrings } from './local-strings.ts';

const FIRST_CUSTOMER = '+15551234567';

/** A customer's phone: what is written here reaches the service as a signed webhook. */
export const PhonePanel = ({ channel, customer }: LocalPanelsProps) => {
  const [from, setFrom] = useState(customer ?? FIRST_CUSTOMER);
  const [text, setText] = useState('');
  const queries = useQueryClient();
  const write = async (event: FormEvent) => {
    event.preventDefault();
    await callLocal('POST', 'provider/inbound', { channel, from, text });
    setText('');
    await queries.invalidateQueries();
  };
  return (
    <aside className="phone-panel" aria-label={localStrings.phone.label}>
      <form onSubmit={(event) => void write(event)}>
        <label>
          {localStrings.phone.from}
          <input value={from} onChange={({ target }) => setFrom(target.value)} />
        </label>
        <label>
          {localStrings.phone.text}
          <input value={text} required onChange={({ target }) => setText(target.value)} />
        </label>
        <button type="submit" className="button primary">
          <Icon name="send" size={16} />
          {localStrings.phone.write}
        </button>
      </form>
    </aside>
  );
};
