import { useQuery } from '@tanstack/react-query';
import { type CareWindow, unwrap } from '../../../client/client.ts';
import { serverNow } from '../api/server-clock.ts';
import { useConnected } from '../api/use-connected.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const HOURS = 24;
/** More sessions are not counted. */
const MAX_PAGES = 10;

/** The usage of a calendar month. */
export const useUsage = (channel: string, month: string) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['usage', channel, month],
    refetchInterval: MINUTE_MS,
    queryFn: () =>
      unwrap(
        api.GET('/v1/channels/{channel}/usage', {
          params: { path: { channel }, query: month === '' ? {} : { month } },
        }),
      ),
  });
};
export type Usage = NonNullable<ReturnType<typeof useUsage>['data']>;

const readEnds = async (api: CareWindow, channel: string): Promise<readonly number[]> => {
  const ends: number[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { closingWithin: 86_400, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const path = '/v1/channels/{channel}/sessions';
    const { sessions, next } = await unwrap(api.GET(path, { params: { path: { channel }, query } }));
    ends.push(...sessions.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [Date.parse(expiresAt)])));
    if (next === undefined) break;
    cursor = next;
  }
  return ends;
};

/** How many of the open windows end in each of the next hours. */
export const useClosings = (channel: string) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['closings', channel],
    refetchInterval: MINUTE_MS,
    queryFn: async () => {
      const ends = await readEnds(api, channel);
      const nowMs = serverNow();
      return Array.from({ length: HOURS }, (_, hour) => ({
        at: nowMs + (hour + 1) * HOUR_MS,
        windows: ends.filter((end) => Math.floor((end - nowMs) / HOUR_MS) === hour).length,
      }));
    },
  });
};
