import { useQuery } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../../page/api/use-connected.ts';

/** When the open session of a customer ends; `undefined` while none is open. */
export const useSessionEnd = (channel: string, customer: string | undefined): string | undefined => {
  const { api } = useConnected();
  const { data } = useQuery({
    queryKey: ['local', 'end', channel, customer],
    enabled: customer !== undefined,
    refetchInterval: 2_000,
    queryFn: async () => {
      const path = { channel, customer: customer ?? '' };
      return unwrap(api.GET('/v1/channels/{channel}/customers/{customer}/session', { params: { path } }));
    },
  });
  return data?.state === 'open' ? (data.expiresAt ?? undefined) : undefined;
};
