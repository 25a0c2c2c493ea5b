import type { QueryClient } from '@tanstack/react-query';
import { type CareWindow, unwrap } from '../../../client/client.ts';
import { serverNow } from '../api/server-clock.ts';
import { mergeAsked, mergePage, NO_ROWS, type SessionRows } from './session-rows.ts';

/** The most that the service answers at once. */
const PAGE_SIZE = 100;

/** Every open session ends within it. */
const ONE_DAY = 86_400;

export const rowsKey = (channel: string) => ['session-rows', channel];

interface SessionReadsDeps {
  readonly api: CareWindow;
  readonly queries: QueryClient;
  readonly channel: string;
}

/** Reads sessions of a channel, and adds them to what the page knows of it. */
export const createSessionReads = ({ api, queries, channel }: SessionReadsDeps) => {
  const path = { channel };
  const known = (): SessionRows => queries.getQueryData<SessionRows>(rowsKey(channel)) ?? NO_ROWS;
  const keep = (rows: SessionRows): SessionRows => {
    queries.setQueryData<SessionRows>(rowsKey(channel), rows);
    return rows;
  };
  /** Adds the windows of up to a hundred customers. */
  const addCustomers = async (customers: readonly string[]): Promise<void> => {
    const asked = customers.slice(0, PAGE_SIZE);
    if (asked.length === 0) return;
    const readAt = serverNow();
    const body = { customers: asked };
    const { sessions } = await unwrap(api.POST('/v1/channels/{channel}/sessions/query', { params: { path }, body }));
    keep({ ...known(), rows: mergeAsked(known().rows, asked, { windows: sessions, readAt }) });
  };
  return {
    addCustomers,
    /** Adds a page of the open sessions. */
    addPage: async (cursor: string | undefined): Promise<SessionRows> => {
      const readAt = serverNow();
      const query = { closingWithin: ONE_DAY, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
      const page = await unwrap(api.GET('/v1/channels/{channel}/sessions', { params: { path, query } }));
      return keep(mergePage(known(), page, { cursor, readAt }));
    },
  };
};
