import { anEvent } from '../support/events.ts';
import { serveContest, type Vendor } from './contest.ts';
import { createHandlers, type Place } from './handlers.ts';

// CareWindow as a contestant: the whole handler.
const ACCOUNTS = { meta: 'shop-meta', sinch: 'care-sinch' } as const satisfies Record<Vendor, string>;

const [vendor, place] = process.argv.slice(2) as [Vendor, string];
const { webhook } = createHandlers(JSON.parse(place) as Place);
serveContest(vendor, async ({ body, headers }) => {
  const event = anEvent(`POST /webhooks/${vendor}/{account}`, {
    path: { account: ACCOUNTS[vendor] },
    headers: { ...headers },
    body,
  });
  const { statusCode = 0 } = await webhook(event);
  return statusCode;
});
