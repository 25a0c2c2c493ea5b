import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type ConsentChange, RECORDED_CONSENT_STATES } from '../shared/domain/consent.ts';
import { epochSeconds } from '../shared/domain/window.ts';
import { invalidRequest, type Parsed } from '../shared/http/request.ts';

const text = (maxLength: number) => z.string().max(maxLength).trim().min(1);

/** A change of consent with its provenance, which proves it in a dispute (R9). */
export const ConsentRequest = z
  .strictObject({
    state: z.enum(RECORDED_CONSENT_STATES),
    source: text(100).meta({ description: 'How it came about, e.g. website, call centre' }),
    actor: text(200).meta({ description: 'Who made it, e.g. customer, agent:4711' }),
    text: text(2_000).optional().meta({ description: 'The text that the customer was shown' }),
    categories: z.array(text(50)).min(1).max(10).optional().meta({ description: 'What it is for, e.g. orders' }),
    effectiveAt: z.iso
      .datetime({ offset: true, error: 'must be a time in ISO 8601 with Z or an offset, e.g. 2026-11-20T09:00:00Z' })
      .optional()
      .meta({ description: 'When it was given, in the past; the time of the call by default' }),
  })
  .meta({ id: 'ConsentRequest' });
type ConsentRequest = z.infer<typeof ConsentRequest>;

/** The same for equal statements; with the same second they are one change, so that a repeat adds nothing to the history. */
const changeId = ({ state, source, actor, text, categories }: ConsentRequest): string =>
  `api:${createHash('sha256')
    .update(JSON.stringify([state, source, actor, text, categories]))
    .digest('hex')
    .slice(0, 32)}`;

const EFFECTIVE_AT = 'effectiveAt';

/** The change of everything that a request states, at its own second or that of the call. */
export const toConsentChange = (request: ConsentRequest, now: Date): Parsed<ConsentChange> => {
  const { effectiveAt: givenAt, ...statement } = request;
  const at = givenAt === undefined ? now : new Date(givenAt);
  if (at.getTime() > now.getTime())
    return invalidRequest([
      { path: EFFECTIVE_AT, message: `is in the future: it is ${now.toISOString()} now; leave it out for now` },
    ]);
  if (at.getTime() < 0) return invalidRequest([{ path: EFFECTIVE_AT, message: 'is before 1970' }]);
  return { ok: true, value: { ...statement, id: changeId(request), scope: 'all', effectiveAt: epochSeconds(at) } };
};
