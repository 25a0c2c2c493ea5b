import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { callLocal } from '../call-local.ts';
import { type PhoneScreen, useLocal } from '../local-api.ts';
import type { Phone } from './phones.ts';

const identityOf = ({ from, userId }: Phone) => ({
  ...(from === '' ? {} : { from }),
  ...(userId === '' ? {} : { userId }),
});

/** One thing that a customer does, as the control takes it. */
export interface Action {
  readonly call?: { readonly event: string; readonly seconds?: number };
  readonly [field: string]: unknown;
}

export interface Written {
  readonly messageId: string;
  readonly webhook: { readonly heldBy?: string };
}

/** Reports each message that the phone opens as delivered, then as read, once. */
const useReceipts = (screen: PhoneScreen | undefined, isOpening: boolean) => {
  const reported = useRef(new Set<string>());
  useEffect(() => {
    if (!isOpening) return;
    const unread = (screen?.messages ?? []).filter(
      ({ id, by, status }) => by === 'business' && ['accepted', 'sent'].includes(status) && !reported.current.has(id),
    );
    for (const { id } of unread) {
      reported.current.add(id);
      void callLocal('POST', 'provider/status', { id, status: 'delivered' })
        .then(() => callLocal('POST', 'provider/status', { id, status: 'read' }))
        .catch(() => undefined);
    }
  }, [screen, isOpening]);
};

/** What a phone shows, and what its owner does. */
export const usePhoneScreen = (phone: Phone, channel: string) => {
  const queries = useQueryClient();
  const query = new URLSearchParams({ channel, ...identityOf(phone) }).toString();
  const { data: screen } = useLocal<PhoneScreen>(`provider/phone?${query}`, {
    isShown: phone.from !== '' || phone.userId !== '',
  });
  useReceipts(screen, phone.reads);
  const act = useMutation({
    mutationFn: (action: Action) =>
      callLocal<Written>('POST', 'provider/inbound', { channel, ...identityOf(phone), name: phone.name, ...action }),
    onSettled: () => void queries.invalidateQueries(),
  });
  const played = (id: string) =>
    void callLocal('POST', 'provider/status', { id, status: 'played' }).then(() => queries.invalidateQueries());
  return { screen, act, played };
};
export type Act = (action: Action) => void;
