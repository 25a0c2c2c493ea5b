import { useQuery } from '@tanstack/react-query';
import { type CareWindow, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';

/** A customer that a search through the service has found. */
export interface Found {
  readonly customer: string;
  readonly names: Awaited<ReturnType<typeof readCustomer>>['names'];
  readonly name: string | undefined;
  /** What led to it. */
  readonly by: 'name' | 'reference';
}

const readCustomer = (api: CareWindow, channel: string, customer: string) =>
  unwrap(api.GET('/v1/channels/{channel}/customers/{customer}', { params: { path: { channel, customer } } }));

/** A phone number with its usual punctuation, as the service takes it; a user id stays as it is. */
const toAddress = (text: string): string => {
  const digits = text.replaceAll(/[\s()-]/g, '');
  return /^\+?[1-9]\d{6,14}$/.test(digits) ? digits : text;
};

const isAddress = (text: string): boolean => /^\S{1,256}$/.test(text) && /^\+?\d{7,15}$|\./.test(text);

const findByName = async (api: CareWindow, channel: string, text: string): Promise<readonly Found[]> => {
  const address = toAddress(text);
  if (!isAddress(address)) return [];
  const { customer, names, profile } = await readCustomer(api, channel, address);
  return [{ customer, names, name: profile?.name, by: 'name' }];
};

const findByReference = async (api: CareWindow, channel: string, text: string): Promise<readonly Found[]> => {
  const query = { clientReference: text };
  const path = '/v1/channels/{channel}/messages';
  const { messages } = await unwrap(api.GET(path, { params: { path: { channel }, query } }));
  const customers = [...new Set(messages.map(({ customer }) => customer))];
  return customers.map((customer) => ({ customer, names: [], name: undefined, by: 'reference' }));
};

/** Who is meant by an exact number, user id or client reference; also those whose session is closed. */
export const useFound = (channel: string, text: string) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['found', channel, text],
    enabled: text !== '',
    queryFn: async () => {
      const found = await Promise.all([findByName(api, channel, text), findByReference(api, channel, text)]);
      return found.flat();
    },
  });
};
