import { SECRETS, serveContest } from '../contest.ts';
import type { Place } from '../handlers.ts';
import { customerOf } from '../webhooks.ts';
import { createLeastStore } from './least-store.ts';
import { PEERS, type PeerName } from './peers.ts';

// A library with the least code around it, or the two writes alone that any of them needs.
const [name = '', argument = ''] = process.argv.slice(2);
const place = JSON.parse(argument) as Place;
const store = createLeastStore(place, place.region);
if (name === 'the two writes alone')
  serveContest(
    'meta',
    () => Promise.resolve(200),
    ({ customer, id, at }) =>
      () =>
        store({ customer: customerOf(customer), id, at, content: { type: 'text', text: 'Guten Tag' } }),
  );
else serveContest(name === '@sinch/sdk-core' ? 'sinch' : 'meta', PEERS[name as PeerName](store, SECRETS));
