import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { joinPages } from './thread-messages.ts';

const PAGE_SIZE = 50;

export interface Conversation {
  readonly channel: string;
  readonly customer: string;
}

export const threadKey = ({ channel, customer }: Conversation) => ['thread', channel, customer];

/** A customer's thread, oldest message first: the newest page is read again by itself, older ones on request. */
export const useThread = (conversation: Conversation) => {
  const { api, config } = useConnected();
  const readPage = (cursor: string | undefined) => {
    const query = { limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
    const path = '/v1/channels/{channel}/customers/{customer}/messages';
    return unwrap(api.GET(path, { params: { path: { ...conversation }, query } }));
  };
  const newest = useQuery({
    queryKey: threadKey(conversation),
    refetchInterval: config.pollSeconds * 1000,
    queryFn: () => readPage(undefined),
  });
  const first = newest.data?.next;
  const older = useInfiniteQuery({
    queryKey: [...threadKey(conversation), 'older'],
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    initialPageParam: first,
    queryFn: ({ pageParam }) => readPage(pageParam),
    getNextPageParam: ({ next }) => next,
  });
  const pages = older.data?.pages;
  const messages = useMemo(
    () => joinPages(newest.data?.messages ?? [], pages?.map((page) => page.messages) ?? []),
    [newest.data, pages],
  );
  return { newest, older, messages, hasOlder: pages === undefined ? first !== undefined : older.hasNextPage };
};
