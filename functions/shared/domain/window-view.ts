import * as z from 'zod';
import { CONSENT_STATES } from './consent.ts';
import { type EntryPoint, EntryPointView } from './entry-point.ts';
import { Instant } from './instant.ts';
import { type NamedCustomer, NamedView, toNamesView } from './name-view.ts';
import { OwnerView, ownerAt, toOwnerView } from './owner.ts';
import { decideSend, isReengagementFree, NEXT_ACTIONS, type SendFacts } from './send-decision.ts';
import { toInstant } from './time.ts';
import { expiresAtOf, isOpen, remainingSeconds, type Session } from './window.ts';

/** The window as the API shows it. */
export const WindowView = z
  .object({
    channel: z.string(),
    ...NamedView,
    state: z.enum(['open', 'closed']),
    openedAt: Instant.nullable(),
    lastInboundAt: Instant.nullable(),
    expiresAt: Instant.nullable(),
    remainingSeconds: z.int().nonnegative(),
    allowed: z.array(z.enum(['session', 'template'])).meta({
      description:
        'What would be sent now. Just before the end, `sendMarginSeconds`, no session message any more. `template` is one with the default purpose; with `purpose: notification` a template needs no re-engagement slot',
    }),
    consent: z.object({ state: z.enum(CONSENT_STATES) }),
    reengagement: z.object({ available: z.boolean() }).meta({
      description: 'Whether the slot is free that a template with the default purpose takes while the window is closed',
    }),
    entryPoint: EntryPointView.nullable().meta({
      description: 'The ad or post through which the customer came last: price information, never permission',
    }),
    owner: OwnerView.nullable().meta({ description: 'Who holds the conversation; null while no one does' }),
    nextAction: z.enum(NEXT_ACTIONS),
  })
  .meta({ id: 'Window' });
export type WindowView = z.infer<typeof WindowView>;

const toNullable = (seconds: number | undefined): string | null => (seconds === undefined ? null : toInstant(seconds));

/**
 * The customer's newest message that counts. The customer record alone has it after the session's item has expired, and
 * where the message came too late to open a session (R2, R3).
 */
const lastInboundAt = ({ session, customer }: SendFacts): number | undefined => {
  const known = [session?.lastInboundAt, customer.lastOpenedAt, customer.lastInboundAt].filter(
    (at) => at !== undefined,
  );
  return known.length === 0 ? undefined : Math.max(...known);
};

const toEntryPoint = (entryPoint: EntryPoint | undefined): WindowView['entryPoint'] =>
  entryPoint === undefined ? null : { ...entryPoint, at: toInstant(entryPoint.at) };

/** The session's own end, unless a newer message is known that opened none. */
const expiresAt = (session: Session | undefined, last: number | undefined): number | undefined => {
  if (last === undefined || last === session?.lastInboundAt) return session?.expiresAt;
  return expiresAtOf(last);
};

/** Shows a customer's window: the true `expiresAt`, and what a send at that moment would be answered (R7). */
export const toWindowView = (channel: string, customer: NamedCustomer, facts: SendFacts): WindowView => {
  const { session, now } = facts;
  const asSession = decideSend(facts, { kind: 'session' });
  const asTemplate = decideSend(facts, { kind: 'template', purpose: 'reengagement' });
  const last = lastInboundAt(facts);
  return {
    channel,
    customer: customer.customer,
    names: toNamesView(customer),
    state: isOpen(session, now) ? 'open' : 'closed',
    openedAt: toNullable(session?.openedAt),
    lastInboundAt: toNullable(last),
    expiresAt: toNullable(expiresAt(session, last)),
    remainingSeconds: remainingSeconds(session, now),
    allowed: [...(asSession.allowed ? ['session' as const] : []), ...(asTemplate.allowed ? ['template' as const] : [])],
    consent: { state: facts.customer.consent.state },
    reengagement: { available: isReengagementFree(facts.customer, facts.policy.reengagementLimit) },
    entryPoint: toEntryPoint(session?.entryPoint),
    owner: toOwnerView(ownerAt(facts.customer.owner, session, now)),
    nextAction: asSession.allowed ? 'none' : asSession.nextAction,
  };
};
