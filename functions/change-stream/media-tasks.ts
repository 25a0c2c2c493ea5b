import type { Channel } from '../shared/domain/config.ts';
import type { MediaTask } from '../shared/domain/media-task.ts';
import { providerFileOf } from '../shared/domain/provider-file.ts';
import { uploadKeysIn } from '../shared/domain/upload.ts';
import type { Change } from '../shared/store/changes.ts';
import type { MessageItem } from '../shared/store/items.ts';

type MessageChange = Extract<Change, { readonly kind: 'message' }>;

const hasProviderFile = (message: MessageItem): boolean =>
  message.direction !== 'outbound' && providerFileOf(message.content) !== undefined;

/** The keys of the files that leave with their message, by erasure or at the end of its retention. */
const filesOf = (channel: string, message: MessageItem): readonly string[] => {
  if (message.direction === 'outbound') return uploadKeysIn(channel, message.content);
  return message.fileKey === undefined ? [] : [message.fileKey];
};

/** What a change of a message asks of the files: the copy of a new one where the channel wants it, the removal of one. */
export const mediaTasksOf = (
  { channel, customer, before, after }: MessageChange,
  configured: Pick<Channel, 'captureMedia'> | undefined,
): readonly MediaTask[] => {
  if (after === undefined)
    return (before === undefined ? [] : filesOf(channel, before)).map((key) => ({ task: 'remove', key }));
  const isCaptured = before === undefined && configured?.captureMedia === true && hasProviderFile(after);
  return isCaptured ? [{ task: 'copy', channel, customer, atMs: after.at, id: after.id }] : [];
};
