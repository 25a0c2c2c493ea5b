import { type AcceptedUserIds, addressOf } from '../shared/domain/address.ts';
import type { CustomerKey } from '../shared/domain/customer.ts';
import { portfolioSince } from '../shared/domain/number.ts';
import type { RegisteredTemplate } from '../shared/domain/template.ts';
import type { DecisionInput } from './load-state.ts';

/** WhatsApp's category of one-time passcodes, which are sent to numbers alone (131062). */
const AUTHENTICATION = 'AUTHENTICATION';

/** Whether the customer has written since a second, under any of their names. */
const hasWrittenSince = (second: number, { session, record }: DecisionInput['state']): boolean =>
  [session?.lastInboundAt, record.lastInboundAt, record.lastOpenedAt].some((at) => at !== undefined && at >= second);

/** Meta gives a customer another user id in each business portfolio: those of the one that the number left reach no one. */
const acceptedUserIds = (
  { channel, state }: Pick<DecisionInput, 'channel' | 'state'>,
  template: RegisteredTemplate | undefined,
): AcceptedUserIds => {
  if (template?.category === AUTHENTICATION) return 'none';
  const since = portfolioSince(channel.movedFrom);
  if (since === undefined) return 'all';
  return hasWrittenSince(since, state) ? 'unless_number' : 'none';
};

/** The name that the message is sent to; `undefined` where WhatsApp accepts none of those that are known. */
export const addressFor = (
  input: Pick<DecisionInput, 'request' | 'state' | 'channel'>,
  template: RegisteredTemplate | undefined,
): CustomerKey | undefined => addressOf(input.request.to, input.state, acceptedUserIds(input, template));
