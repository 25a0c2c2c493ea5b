import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type components, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import type { Conversation } from '../thread/use-thread.ts';

export type Owner = components['schemas']['Owner'];

/** Everything that is known of a customer but the thread. */
export const useCustomer = ({ channel, customer }: Conversation) => {
  const { api, config } = useConnected();
  return useQuery({
    queryKey: ['customer', channel, customer],
    refetchInterval: config.pollSeconds * 3_000,
    queryFn: () =>
      unwrap(api.GET('/v1/channels/{channel}/customers/{customer}', { params: { path: { channel, customer } } })),
  });
};
export type Customer = NonNullable<ReturnType<typeof useCustomer>['data']>;

/** The consent with its history. */
export const useConsent = ({ channel, customer }: Conversation) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['consent', channel, customer],
    queryFn: () =>
      unwrap(
        api.GET('/v1/channels/{channel}/customers/{customer}/consent', { params: { path: { channel, customer } } }),
      ),
  });
};

/** Takes the conversation from the owner that the user sees, or releases it. */
export const useOwnerChange = ({ channel, customer }: Conversation) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  const params = { path: { channel, customer } };
  return useMutation({
    mutationFn: ({ action, seen }: { readonly action: 'take' | 'release'; readonly seen: Owner | null }) =>
      action === 'take'
        ? unwrap(
            api.POST('/v1/channels/{channel}/customers/{customer}/session/take', {
              params,
              body: { as: 'person', seen },
            }),
          )
        : unwrap(
            api.POST('/v1/channels/{channel}/customers/{customer}/session/release', {
              params,
              body: { as: 'person', ...(seen === null ? {} : { seen }) },
            }),
          ),
    onSettled: () => queries.invalidateQueries(),
  });
};

/** An erasure that answers 202 is repeated until nothing is left. */
const MAX_CALLS = 20;

/** Erases the customer under every name. */
export const useErasure = ({ channel, customer }: Conversation) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      for (let calls = 0; calls < MAX_CALLS; calls += 1) {
        const path = '/v1/channels/{channel}/customers/{customer}';
        const { done } = await unwrap(api.DELETE(path, { params: { path: { channel, customer } } }));
        if (done) return;
      }
      throw new Error('the erasure is not done yet');
    },
    onSettled: () => queries.invalidateQueries(),
  });
};
