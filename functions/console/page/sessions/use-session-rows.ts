import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { serverNow } from '../api/server-clock.ts';
import { useConnected } from '../api/use-connected.ts';
import { createSessionReads, rowsKey } from './session-reads.ts';
import { NO_ROWS, type SessionRows } from './session-rows.ts';
import { useSettled } from './use-settled.ts';

const useSessionReads = (channel: string) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  return useMemo(() => createSessionReads({ api, queries, channel }), [api, queries, channel]);
};

/**
 * The open sessions of a channel: the first page is read again by itself, and the last one too once there are several,
 * since the sessions of new customers end last. That costs more than to read the rows in view, and is done more seldom.
 */
export const useSessionRows = (channel: string) => {
  const { config } = useConnected();
  const reads = useSessionReads(channel);
  const poll = useQuery({
    queryKey: ['sessions', channel],
    refetchInterval: config.listSeconds * 1000,
    refetchIntervalInBackground: true,
    queryFn: async () => {
      const { last, next } = await reads.addPage(undefined);
      if (last !== undefined && next === undefined) await reads.addPage(last);
      return serverNow();
    },
  });
  const { data = NO_ROWS } = useQuery<SessionRows>({ queryKey: rowsKey(channel), enabled: false });
  return useMemo(() => ({ rows: data, poll, readNext: () => reads.addPage(data.next) }), [data, poll, reads]);
};

/** Reads the windows of the customers in front of the user again and again. */
export const useVisibleRows = (channel: string, customers: readonly string[]): void => {
  const { config } = useConnected();
  const reads = useSessionReads(channel);
  const asked = useSettled(customers);
  useQuery({
    queryKey: ['visible-sessions', channel, asked],
    enabled: asked.length > 0,
    refetchInterval: config.pollSeconds * 1000,
    queryFn: async () => {
      await reads.addCustomers(asked);
      return serverNow();
    },
  });
};
