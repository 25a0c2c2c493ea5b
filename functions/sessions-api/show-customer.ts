import * as z from 'zod';
import type { Channel } from '../shared/domain/config.ts';
import { Instant } from '../shared/domain/instant.ts';
import { NamedView, toNamesView } from '../shared/domain/name-view.ts';
import { isReengagementFree } from '../shared/domain/send-decision.ts';
import { toInstant } from '../shared/domain/time.ts';
import { toWindowView, WindowView } from '../shared/domain/window-view.ts';
import { json } from '../shared/http/respond.ts';
import type { CustomerState } from '../shared/store/customer/load-customer.ts';
import { ProfileView, toProfileView } from './listed-session.ts';
import { ofCustomer } from './path-parameters.ts';

/** A customer under all names. */
export const CustomerView = z
  .object({
    channel: z.string(),
    ...NamedView,
    profile: ProfileView,
    consent: WindowView.shape.consent.extend({
      updatedAt: Instant.nullable(),
      version: z.int().nonnegative(),
    }),
    session: WindowView,
    owner: WindowView.shape.owner,
    reengagement: z.object({
      available: z.boolean(),
      usedAt: Instant.nullable().meta({
        description: 'When the slot was last used; null where no template has used it',
      }),
    }),
  })
  .meta({ id: 'Customer' });

export const toCustomerView = (channel: Channel, state: CustomerState, now: Date): z.infer<typeof CustomerView> => {
  const { session, record } = state;
  const { consent, consentVersion = 0, slot } = record;
  const view = toWindowView(channel.id, state, { now, policy: channel, session, customer: record });
  return {
    channel: channel.id,
    customer: state.customer,
    names: toNamesView(state),
    profile: toProfileView(state),
    consent: {
      state: consent.state,
      updatedAt: consent.state === 'unknown' ? null : toInstant(consent.effectiveAt),
      version: consentVersion,
    },
    session: view,
    owner: view.owner,
    reengagement: {
      available: isReengagementFree(record, channel.reengagementLimit),
      usedAt: slot === undefined ? null : toInstant(slot.usedAt),
    },
  };
};

/** Shows everything that is known of a customer but the thread: names, profile, consent, window and slot. */
export const showCustomer = ofCustomer(async ({ store, now }, { channel, customer }) =>
  json(200, toCustomerView(channel, await store.loadCustomer(channel.id, customer), now())),
);
