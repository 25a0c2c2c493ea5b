import * as z from 'zod';
import type { CustomerKey } from './customer.ts';
import { decideSend, isReengagementFree, NEXT_ACTIONS, type SendFacts } from './send-decision.ts';
import { expiresAtOf, isOpen, remainingSeconds } from './window.ts';

const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });

/** The window as the API shows it. */
export const WindowView = z
  .object({
    channel: z.string(),
    customer: z.string(),
    state: z.enum(['open', 'closed']),
    openedAt: instant.nullable(),
    lastInboundAt: instant.nullable(),
    expiresAt: instant.nullable(),
    remainingSeconds: z.int().nonnegative(),
    allowed: z.array(z.enum(['session', 'template'])),
    consent: z.object({ state: z.enum(['unknown', 'opted_in', 'opted_out']) }),
    reengagement: z.object({ available: z.boolean() }),
    nextAction: z.enum(NEXT_ACTIONS),
  })
  .meta({ id: 'Window' });
export type WindowView = z.infer<typeof WindowView>;

const iso = (seconds: number | undefined): string | null =>
  seconds === undefined ? null : new Date(seconds * 1000).toISOString();

/**
 * The newest message of the customer that counts: a late one may be known to the customer record alone (R2, R3), and so
 * is that of a session which the table has let go.
 */
const lastInboundAt = ({ session, customer }: SendFacts): number | undefined => {
  const known = [session?.lastInboundAt, customer.lastOpenedAt, customer.lastInboundAt].filter(
    (at) => at !== undefined,
  );
  return known.length === 0 ? undefined : Math.max(...known);
};

/** Shows a customer's window: the true `expiresAt`, and the answers that a send would get right now (R7). */
export const toWindowView = (channel: string, customer: CustomerKey, facts: SendFacts): WindowView => {
  const { session, now } = facts;
  const asSession = decideSend(facts, { kind: 'session' });
  const asTemplate = decideSend(facts, { kind: 'template', purpose: 'reengagement' });
  const last = lastInboundAt(facts);
  return {
    channel,
    customer,
    state: isOpen(session, now) ? 'open' : 'closed',
    openedAt: iso(session?.openedAt),
    lastInboundAt: iso(last),
    expiresAt: iso(last === undefined ? undefined : expiresAtOf(last)),
    remainingSeconds: remainingSeconds(session, now),
    allowed: [...(asSession.allowed ? ['session' as const] : []), ...(asTemplate.allowed ? ['template' as const] : [])],
    consent: { state: facts.customer.consent.state },
    reengagement: { available: isReengagementFree(facts.customer, facts.policy.reengagementLimit) },
    nextAction: asSession.allowed ? 'none' : asSession.nextAction,
  };
};
