import { useQuery } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import type { Conversation } from './use-thread.ts';

/** Messages whose events are read, beside those of sessions, consent, names and owner. */
const MESSAGES = 50;

/** What has happened to a customer, newest first; read more seldom than the messages. */
export const useEvents = (conversation: Conversation) => {
  const { api, config } = useConnected();
  return useQuery({
    queryKey: ['events', conversation.channel, conversation.customer],
    refetchInterval: config.pollSeconds * 3_000,
    queryFn: async () => {
      const path = '/v1/channels/{channel}/customers/{customer}/events';
      const params = { path: { ...conversation }, query: { limit: MESSAGES } };
      return (await unwrap(api.GET(path, { params }))).events;
    },
  });
};
