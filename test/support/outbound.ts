import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { ClaimedSend } from '../../functions/shared/store/message/claim-send.ts';
import type { RecordStatus } from '../../functions/shared/store/message/record-status.ts';
import { CHANNEL, CUSTOMER, NOON } from './arrivals.ts';
import { aClaim } from './claims.ts';
import { aProviderServer, type Scripted } from './provider-server.ts';
import { aConfig, aService } from './service.ts';
import { aTable, type TestTable } from './table.ts';

export const TEXT = { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'On its way.' } };

/** A service over its own table, and a Meta that takes everything unless it is told otherwise. */
export const anOutboundSetting = async (endpoint: string, { usesThreadControl = false } = {}) => {
  const table = await aTable(endpoint);
  let taken = 0;
  let script: () => Scripted | Promise<Scripted> = () => {
    taken += 1;
    return { body: { messaging_product: 'whatsapp', messages: [{ id: `wamid.sent.${taken}` }] } };
  };
  const provider = await aProviderServer(() => script());
  const { accounts, channels } = aConfig(provider.url);
  const config = {
    accounts: accounts.map((account) =>
      usesThreadControl && account.provider === 'meta' ? { ...account, threadControlUrl: provider.url } : account,
    ),
    channels,
  };
  const service = aService(table, config);
  return {
    table,
    provider,
    service,
    /** What Meta answers from now on. */
    answer: (next: Scripted | (() => Scripted | Promise<Scripted>)) => {
      script = typeof next === 'function' ? next : () => next;
    },
    consent: (state: 'opted_in' | 'opted_out', at = NOON) =>
      table.store.recordConsent({
        channel: 'support',
        customer: CUSTOMER,
        now: at,
        change: {
          id: `${state}.${at.getTime()}`,
          scope: 'all',
          state,
          effectiveAt: at.getTime() / 1000,
          source: 'website',
          actor: 'test',
        },
      }),
    close: () => provider.close(),
  };
};
export type OutboundSetting = Awaited<ReturnType<typeof anOutboundSetting>>;

/** A message of the business whose record stands, before any provider was called. */
export const aBegunSend = async (store: TestTable['store'], customer: CustomerKey): Promise<ClaimedSend> => {
  const begun = await store.claimSend(
    aClaim({ state: await store.loadSendState({ channel: CHANNEL, customer, templates: [] }) }),
  );
  if (begun.kind !== 'claimed') throw new Error(`the send did not begin: ${begun.kind}`);
  return begun;
};

/** What the provider reports of such a message, so long after noon. */
export const aReportOn = (
  { reference }: ClaimedSend,
  { afterMs, ...report }: Pick<RecordStatus, 'to' | 'pricing'> & { readonly afterMs: number },
): RecordStatus => ({
  channel: CHANNEL,
  reference,
  providerMessageId: 'wamid.1',
  atMs: NOON.getTime() + afterMs,
  ...report,
});
