import { useQuery } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from './use-connected.ts';

/** The channels that the user's token reaches. */
export const useChannels = () => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['channels'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await unwrap(api.GET('/v1/channels'))).channels,
  });
};
export type Channel = NonNullable<ReturnType<typeof useChannels>['data']>[number];
