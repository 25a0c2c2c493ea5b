import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type CareWindow, unwrap } from '../../../client/client.ts';
import { serverNow } from '../api/server-clock.ts';
import { useConnected } from '../api/use-connected.ts';
import { mergePage, mergeWindows, NO_ROWS, type SessionPage, type SessionRows } from './session-rows.ts';

/** The most that the service answers at once. */
const PAGE_SIZE = 100;
const ONE_DAY = 86_400;

const readPage = (api: CareWindow, channel: string, cursor: string | undefined): Promise<SessionPage> => {
  const query = { closingWithin: ONE_DAY, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
  return unwrap(api.GET('/v1/channels/{channel}/sessions', { params: { path: { channel }, query } }));
};

const rowsKey = (channel: string) => ['session-rows', channel];

/**
 * The open sessions of a channel: the first page is read again by itself, and the last one too once there are several,
 * since the sessions of new customers end last.
 */
export const useSessionRows = (channel: string) => {
  const { api, config } = useConnected();
  const queries = useQueryClient();
  const read = useCallback(
    async (cursor: string | undefined): Promise<SessionRows> => {
      const readAt = serverNow();
      const page = await readPage(api, channel, cursor);
      return (
        queries.setQueryData<SessionRows>(rowsKey(channel), (known = NO_ROWS) =>
          mergePage(known, page, { cursor, readAt }),
        ) ?? NO_ROWS
      );
    },
    [api, channel, queries],
  );
  const poll = useQuery({
    queryKey: ['sessions', channel],
    refetchInterval: config.pollSeconds * 1000,
    refetchIntervalInBackground: true,
    queryFn: async () => {
      const { last, next } = await read(undefined);
      if (last !== undefined && next === undefined) await read(last);
      return serverNow();
    },
  });
  const { data = NO_ROWS } = useQuery<SessionRows>({ queryKey: rowsKey(channel), enabled: false });
  return useMemo(() => ({ rows: data, poll, readNext: () => read(data.next) }), [data, poll, read]);
};

/** Reads the windows of these customers again and again: those that are in front of the user, beyond the first page. */
export const useVisibleRows = (channel: string, customers: readonly string[]): void => {
  const { api, config } = useConnected();
  const queries = useQueryClient();
  useQuery({
    queryKey: ['visible-sessions', channel, customers],
    enabled: customers.length > 0,
    refetchInterval: config.pollSeconds * 1000,
    queryFn: async () => {
      const readAt = serverNow();
      const body = { customers: [...customers].slice(0, PAGE_SIZE) };
      const { sessions } = await unwrap(
        api.POST('/v1/channels/{channel}/sessions/query', { params: { path: { channel } }, body }),
      );
      queries.setQueryData<SessionRows>(rowsKey(channel), (known = NO_ROWS) => ({
        ...known,
        rows: mergeWindows(known.rows, sessions, readAt),
      }));
      return readAt;
    },
  });
};
