import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type CareWindow, pages, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import type { Template } from './template-parts.ts';

const PATH = '/v1/channels/{channel}/templates';

const readAll = async (api: CareWindow, channel: string): Promise<readonly Template[]> => {
  const path = { channel };
  const read: Template[] = [];
  for await (const { templates } of pages((query) =>
    api.GET(PATH, { params: { path, query: { ...query, limit: 100 } } }),
  ))
    read.push(...templates);
  return read;
};

/** Every template of a channel. */
export const useTemplates = (channel: string) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['templates', channel],
    staleTime: 60_000,
    queryFn: () => readAll(api, channel),
  });
};

/** Reads the templates from the provider now. */
export const useTemplateSync = (channel: string) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/v1/channels/{channel}/templates/sync', { params: { path: { channel } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['templates', channel] }),
  });
};
