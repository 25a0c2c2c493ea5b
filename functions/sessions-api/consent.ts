import { createHash } from 'node:crypto';
import * as z from 'zod';
import { epochSeconds } from '../shared/domain/window.ts';
import { parseBody } from '../shared/http/request.ts';
import { json } from '../shared/http/respond.ts';
import { type Addressed, ofCustomer } from './addressed.ts';
import { toConsentView } from './consent-view.ts';
import type { StoreRuntime } from './store.ts';

const text = (longest: number) => z.string().trim().min(1).max(longest);

/** A change of consent with its provenance; without who and how it is worth nothing in a dispute (R9). */
export const ConsentRequest = z
  .strictObject({
    state: z.enum(['opted_in', 'opted_out']),
    source: text(100).meta({ description: 'How it came about, e.g. website, call centre' }),
    actor: text(200).meta({ description: 'Who made it, e.g. customer, agent:4711' }),
    text: text(2_000).optional().meta({ description: 'The text that the customer was shown' }),
    categories: z.array(text(50)).min(1).max(10).optional().meta({ description: 'What it is for, e.g. orders' }),
  })
  .meta({ id: 'ConsentRequest' });
type ConsentRequest = z.infer<typeof ConsentRequest>;

/** The same statement in the same second is the same change, so that repeating a PUT doubles nothing. */
const idOf = ({ state, source, actor, text, categories }: ConsentRequest): string =>
  `api:${createHash('sha256')
    .update(JSON.stringify([state, source, actor, text, categories]))
    .digest('hex')
    .slice(0, 32)}`;

const show = async ({ store }: StoreRuntime, { channel, customer }: Addressed) =>
  json(200, toConsentView(await store.readConsent(channel.id, customer)));

/** Shows a customer's consent with its history; one who never said anything is `unknown`. */
export const showConsent = ofCustomer(show);

/** Takes a change of consent at the service's own time, and shows what holds now. */
export const changeConsent = ofCustomer(async (runtime, of, event) => {
  const request = parseBody(ConsentRequest, event);
  if (!request.ok) return request.problem;
  const now = runtime.now();
  const { kind } = await runtime.store.recordConsent({
    channel: of.channel.id,
    customer: of.customer,
    change: { ...request.value, id: idOf(request.value), scope: 'all', effectiveAt: epochSeconds(now) },
    now,
  });
  if (kind === 'applied') runtime.log.count('ConsentsChanged');
  return show(runtime, of);
});
