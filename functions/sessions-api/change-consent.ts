import { createHash } from 'node:crypto';
import * as z from 'zod';
import { RECORDED_CONSENT_STATES } from '../shared/domain/consent.ts';
import { epochSeconds } from '../shared/domain/window.ts';
import { parseBody } from '../shared/http/request.ts';
import { ofCustomer } from './path-parameters.ts';
import { answerConsent } from './show-consent.ts';

const text = (maxLength: number) => z.string().trim().min(1).max(maxLength);

/** A change of consent with its provenance, which proves it in a dispute (R9). */
export const ConsentRequest = z
  .strictObject({
    state: z.enum(RECORDED_CONSENT_STATES),
    source: text(100).meta({ description: 'How it came about, e.g. website, call centre' }),
    actor: text(200).meta({ description: 'Who made it, e.g. customer, agent:4711' }),
    text: text(2_000).optional().meta({ description: 'The text that the customer was shown' }),
    categories: z.array(text(50)).min(1).max(10).optional().meta({ description: 'What it is for, e.g. orders' }),
  })
  .meta({ id: 'ConsentRequest' });
type ConsentRequest = z.infer<typeof ConsentRequest>;

/** Equal requests in the same second are the same change, so that a repeated PUT adds nothing to the history. */
const changeId = ({ state, source, actor, text, categories }: ConsentRequest): string =>
  `api:${createHash('sha256')
    .update(JSON.stringify([state, source, actor, text, categories]))
    .digest('hex')
    .slice(0, 32)}`;

/** Records a change of consent at the service's own time, and shows the consent that is stored after it. */
export const changeConsent = ofCustomer(async (runtime, of, event) => {
  const request = parseBody(ConsentRequest, event);
  if (!request.ok) return request.problem;
  const now = runtime.now();
  const { kind } = await runtime.store.recordConsent({
    channel: of.channel.id,
    customer: of.customer,
    change: { ...request.value, id: changeId(request.value), scope: 'all', effectiveAt: epochSeconds(now) },
    now,
  });
  if (kind === 'applied') runtime.log.count('ConsentsChanged');
  return answerConsent(runtime, of);
});
