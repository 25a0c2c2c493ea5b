import { useState } from 'react';

/** A customer's phone; its owner shows a number, a user id or both. */
export interface Phone {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly userId: string;
  /** Empty for the channel that the page shows. */
  readonly channel: string;
  /** Opens each message at once: the provider reports it as delivered and read. */
  readonly reads: boolean;
}

const KEY = 'carewindow.phones';

const FIRST: Phone = { id: '1', name: 'Ada', from: '+15551234567', userId: '', channel: '', reads: true };

const NAMES = ['Ben', 'Chiara', 'Dmitri', 'Emine', 'Farid', 'Grace', 'Hiro'];

const read = (): readonly Phone[] => {
  try {
    const saved: readonly Phone[] = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return saved.length === 0 ? [FIRST] : saved.map((phone) => ({ ...FIRST, ...phone }));
  } catch {
    return [FIRST];
  }
};

const save = (phones: readonly Phone[]): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(phones));
  } catch {
    // A browser that keeps nothing has the phones until it is reloaded.
  }
};

const another = (phones: readonly Phone[]): Phone => {
  const id = String(Math.max(...phones.map((phone) => Number(phone.id))) + 1);
  const name = NAMES[(phones.length - 1) % NAMES.length] ?? '';
  return { ...FIRST, id, name, from: `+1555123${4567 + Number(id)}` };
};

/** The phones of this browser, and the one in hand; `customer` is whose conversation the page shows. */
export const usePhones = (customer: string | undefined) => {
  const [phones, setPhones] = useState(read);
  const [chosen, setChosen] = useState(phones[0]?.id);
  const [followed, setFollowed] = useState(customer);
  const change = (changed: readonly Phone[]) => {
    setPhones(changed);
    save(changed);
  };
  if (customer !== followed) {
    setFollowed(customer);
    const owner = phones.find(({ from, userId }) => customer !== undefined && [from, userId].includes(customer));
    if (owner !== undefined) setChosen(owner.id);
  }
  return {
    phones,
    phone: phones.find(({ id }) => id === chosen) ?? phones[0] ?? FIRST,
    choose: setChosen,
    add: () => {
      const added = another(phones);
      change([...phones, added]);
      setChosen(added.id);
    },
    update: (updated: Phone) => change(phones.map((phone) => (phone.id === updated.id ? updated : phone))),
    remove: (id: string) => change(phones.filter((phone) => phone.id !== id)),
  };
};
