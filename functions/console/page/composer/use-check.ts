import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { unwrap } from '../../../client/client.ts';
import { onClockJump, serverNow } from '../api/server-clock.ts';
import { useConnected } from '../api/use-connected.ts';
import type { Conversation } from '../thread/use-thread.ts';

/** The decision does not depend on the text, which may still be empty. */
const ANY_TEXT = { type: 'text', text: '.' } as const;

export const checkKey = ({ channel, customer }: Conversation) => ['check', channel, customer];

/** What the service would answer to a text at this moment, and the window. */
export const useCheck = (conversation: Conversation) => {
  const { api, config } = useConnected();
  const { channel, customer } = conversation;
  const check = useQuery({
    queryKey: checkKey(conversation),
    refetchInterval: config.pollSeconds * 1000,
    queryFn: () =>
      unwrap(api.POST('/v1/messages/check', { body: { channel, to: customer, content: ANY_TEXT, as: 'person' } })),
  });
  const expiresAt = check.data?.session.expiresAt;
  const { refetch } = check;
  // Asks anew right when the window ends, so that the composer changes in front of the user's eyes.
  useEffect(() => {
    if (expiresAt === undefined || expiresAt === null) return;
    const arm = () => {
      const ms = Date.parse(expiresAt) - serverNow();
      return ms > 0 && ms < 2_000_000_000 ? setTimeout(() => void refetch(), ms + 50) : undefined;
    };
    let timer = arm();
    const stop = onClockJump(() => {
      clearTimeout(timer);
      timer = arm();
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [expiresAt, refetch]);
  return check;
};
export type Check = NonNullable<ReturnType<typeof useCheck>['data']>;
