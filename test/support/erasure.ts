import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { customerKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, secondsAfterNoon } from './arrivals.ts';
import { aChangeOfConsent } from './consents.ts';
import { aBegunSend } from './outbound.ts';
import type { TestTable } from './table.ts';

/** What an erasure removes of a customer who is not stored. */
export const NOTHING_REMOVED = {
  sessions: 0,
  customers: 0,
  consents: 0,
  messages: 0,
  pastSessions: 0,
  unplaced: 0,
  claims: 0,
  members: 0,
};

export const ERASE = {
  channel: CHANNEL,
  customer: CUSTOMER,
  channels: [CHANNEL, 'sales'],
  now: NOON,
  goOn: () => true,
};

/** What is stored of customers of a table, and what is left of them. */
export const createTraces = (table: TestTable) => {
  const { documents, tableName, scan } = table;
  const peer = table.peer();
  const put = (item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: tableName, Item: item }));
  const send = async (customer: CustomerKey): Promise<string> => (await aBegunSend(peer, customer)).id;
  return {
    put,
    send,
    /** Stores one of everything that the table can hold of a customer: two messages of theirs, one to them, whose id is returned. */
    live: async (customer: CustomerKey): Promise<string> => {
      const identities = customer.startsWith('+') ? { phone: customer } : { userId: customer };
      for (const second of [0, 1])
        await peer.recordInbound(
          anArrival({ at: secondsAfterNoon(second), id: `wamid.${customer}.${second}`, identities }),
        );
      await peer.recordConsent({ channel: CHANNEL, customer, change: aChangeOfConsent('opted_in'), now: NOON });
      await put({ ...sessionKey(CHANNEL, customer), sk: 'PAST#1763600000', lastInboundAt: 1 });
      return send(customer);
    },
    /** Makes a name lead to another one. */
    move: async (from: CustomerKey, movedTo: CustomerKey): Promise<void> => {
      await put({ ...sessionKey(CHANNEL, from), movedTo });
      await put({ ...customerKey(CHANNEL, from), movedTo });
    },
    erase: (customer = CUSTOMER, goOn: () => boolean = () => true) =>
      table.store.eraseCustomer({ ...ERASE, customer, goOn }),
    /** All but the usage, which stays true, and the marks of erased sessions and claims of erased sends, which name no customer. */
    everything: async () =>
      (await scan()).filter(({ pk, erased }) => !/^(USAGE|ERASED)#/.test(String(pk)) && erased !== true),
    /** What the whole table still says of a customer, in keys and values alike. */
    left: async (customer: CustomerKey) => (await scan()).filter((item) => JSON.stringify(item).includes(customer)),
  };
};
