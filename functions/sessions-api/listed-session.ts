import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { Instant } from '../shared/domain/instant.ts';
import { toInstant } from '../shared/domain/time.ts';
import { toWindowView, WindowView } from '../shared/domain/window-view.ts';
import type { CustomerState } from '../shared/store/customer/load-customer.ts';

/** How the provider reported a customer. */
export const ProfileView = z
  .object({ name: z.string().optional(), username: z.string().optional() })
  .nullable()
  .meta({ description: 'As the provider reported it when the customer was first known' });

export const toProfileView = ({ profile }: CustomerState): z.infer<typeof ProfileView> =>
  profile === undefined ? null : { name: profile.name, username: profile.username };

/** A window in a list: with what people call the customer, and whether someone has answered. */
export const ListedSession = WindowView.extend({
  profile: ProfileView,
  lastAnswerAt: Instant.nullable().meta({
    description:
      'When a message to the customer was last claimed in this session, whatever became of it; earlier than `lastInboundAt`, the customer waits',
  }),
}).meta({ id: 'ListedSession' });

export const toListedSession = (
  channel: Channel,
  customer: CustomerState,
  now: Date,
): z.infer<typeof ListedSession> => {
  const { session, record } = customer;
  return {
    ...toWindowView(channel.id, customer, { now, policy: channel, session, customer: record }),
    profile: toProfileView(customer),
    lastAnswerAt: session?.lastAnswerAt === undefined ? null : toInstant(session.lastAnswerAt),
  };
};
