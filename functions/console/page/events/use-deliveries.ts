import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';

/** The HTTPS endpoints of a channel, with their last outcome. */
export const useDeliveries = (channel: string) => {
  const { api, config } = useConnected();
  return useQuery({
    queryKey: ['deliveries', channel],
    refetchInterval: config.pollSeconds * 1000,
    queryFn: async () =>
      (await unwrap(api.GET('/v1/channels/{channel}/deliveries', { params: { path: { channel } } }))).deliveries,
  });
};
export type Delivery = NonNullable<ReturnType<typeof useDeliveries>['data']>[number];

/** Sends a test event to an endpoint. */
export const useDeliveryTest = (channel: string) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (endpoint: number) =>
      unwrap(api.POST('/v1/channels/{channel}/deliveries/test', { params: { path: { channel } }, body: { endpoint } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries', channel] }),
  });
};

/** Sends an event of a customer again, with its id, to every endpoint that wants it. */
export const useResend = (channel: string) => {
  const { api } = useConnected();
  return useMutation({
    mutationFn: (event: { readonly customer: string; readonly id: string }) =>
      unwrap(
        api.POST('/v1/channels/{channel}/deliveries/resend', { params: { path: { channel } }, body: { ...event } }),
      ),
  });
};
