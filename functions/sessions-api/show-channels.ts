import * as z from 'zod';
import { NOT_CARRIED } from '../shared/domain/carried-content.ts';
import type { Channel } from '../shared/domain/config.ts';
import { json } from '../shared/http/respond.ts';
import type { Responder } from '../shared/http/serve-routes.ts';
import type { StoreRuntime } from './store.ts';

export const ChannelView = z
  .object({
    id: z.string(),
    provider: z.enum(Object.keys(NOT_CARRIED)),
    displayPhoneNumber: z.string().optional(),
    sendMarginSeconds: z.int().meta({ description: 'Session messages are sent only while more than this remains' }),
    closingLeadSeconds: z.int(),
    retentionDays: z.int(),
    reengagementLimit: z.int().meta({ description: 'Templates that may follow an ended session' }),
    notifications: z.enum(['allow', 'forbid']),
    notCarried: z
      .array(z.string())
      .meta({ description: 'Types of content that the provider cannot carry: unsupported_by_provider' }),
  })
  .meta({ id: 'Channel' });

const toView = ({ account }: StoreRuntime, channel: Channel): readonly z.infer<typeof ChannelView>[] => {
  const provider = account(channel.account)?.provider;
  if (provider === undefined) return [];
  const { id, displayPhoneNumber, sendMarginSeconds, closingLeadSeconds, retentionDays } = channel;
  const { reengagementLimit, notifications } = channel;
  return [
    {
      id,
      provider,
      displayPhoneNumber,
      sendMarginSeconds,
      closingLeadSeconds,
      retentionDays,
      reengagementLimit,
      notifications,
      notCarried: [...NOT_CARRIED[provider]],
    },
  ];
};

/** Shows the channels that the caller may know of. */
export const showChannels: Responder<StoreRuntime> = async (runtime) =>
  json(200, { channels: runtime.channels.flatMap((channel) => toView(runtime, channel)) });
