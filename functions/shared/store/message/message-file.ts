import { type ProviderFile, providerFileOf } from '../../domain/provider-file.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { readItem } from '../dynamo/read-items.ts';
import { type FILE_FAULTS, MessageItem } from '../items.ts';
import { type MessageName, messageKey } from '../keys.ts';
import { type FoundInThread, findInThread, type ThreadMessage } from './find-in-thread.ts';

export type FileFault = (typeof FILE_FAULTS)[number];

/** A copied file. */
export interface FileCopy {
  readonly mimeType: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A message of a thread that the business did not send through this service, and the provider's file in it. */
export interface FileMessage {
  readonly name: MessageName;
  /** Absent where the message has none. */
  readonly file: ProviderFile | undefined;
  readonly fileKey?: string | undefined;
  readonly copy?: FileCopy | undefined;
  readonly fault?: FileFault | undefined;
}

type Thread = Pick<ThreadMessage, 'channel' | 'customer'>;

const toFileMessage = ({ channel, customer }: Thread, message: FoundInThread['message']): FileMessage => {
  const { id, at: atMs, content, fileKey, fileCopy: copy, fileFault: fault } = message;
  return { name: { channel, customer, atMs, id }, file: providerFileOf(content), fileKey, copy, fault };
};

const readFileMessage = (thread: Thread, item: unknown): FileMessage | undefined => {
  const message = MessageItem.optional().parse(item);
  return message === undefined || message.direction === 'outbound' ? undefined : toFileMessage(thread, message);
};

const findFileMessage = async (table: Table, message: ThreadMessage): Promise<FileMessage | undefined> => {
  const found = await findInThread(table, message);
  return found === undefined ? undefined : toFileMessage({ ...message, customer: found.customer }, found.message);
};

export interface CopyRequest {
  /** The key of the file, unless the message has one already. */
  readonly fileKey: string;
  readonly now: Date;
}

interface Condition {
  readonly condition: string;
  readonly values?: Readonly<Record<string, number>>;
}

const NOT_COPIED = 'attribute_exists(pk) AND attribute_not_exists(fileCopy)';

/** A copy that was asked for that long ago is asked for again. */
const STALE_SECONDS = 900;

/** Finds the files of customers' messages, and records their copies. */
export const createMessageFileStore = (table: Table) => {
  const request = async (name: MessageName, { fileKey, now }: CopyRequest, { condition, values = {} }: Condition) => {
    const requested = await updateConditionally(table, messageKey(name), {
      UpdateExpression: 'SET fileKey = if_not_exists(fileKey, :key), fileRequestedAt = :now REMOVE fileFault',
      ConditionExpression: condition,
      ExpressionAttributeValues: { ':key': fileKey, ':now': epochSeconds(now), ...values },
      ReturnValues: 'ALL_NEW',
    });
    return requested.ok ? readFileMessage(name, requested.output.Attributes) : undefined;
  };

  return {
    /** Finds a message by the provider's id of it. */
    findFileMessage: (message: ThreadMessage) => findFileMessage(table, message),

    /** Reads a message; strongly consistent. */
    readFileMessage: async (name: MessageName): Promise<FileMessage | undefined> =>
      readFileMessage(name, await readItem(table, messageKey(name))),

    /** Marks the copy as asked for: true for one caller in a quarter of an hour, and for none once it is copied. */
    requestCopy: async (name: MessageName, copy: CopyRequest): Promise<boolean> => {
      const isDue = 'attribute_not_exists(fileRequestedAt) OR fileRequestedAt < :stale';
      const condition = `${NOT_COPIED} AND (${isDue})`;
      const stale = epochSeconds(copy.now) - STALE_SECONDS;
      return (await request(name, copy, { condition, values: { ':stale': stale } })) !== undefined;
    },

    /** Begins a copy, also one that begun before; `undefined` where it is made, or the message was removed. */
    beginCopy: (name: MessageName, copy: CopyRequest): Promise<FileMessage | undefined> =>
      request(name, copy, { condition: NOT_COPIED }),

    /** Records that the file is in the bucket; false where the message was removed meanwhile. */
    recordCopy: async (name: MessageName, copy: FileCopy): Promise<boolean> => {
      const recorded = await updateConditionally(table, messageKey(name), {
        UpdateExpression: 'SET fileCopy = :copy',
        ...ITEM_EXISTS,
        ExpressionAttributeValues: { ':copy': copy },
      });
      return recorded.ok;
    },

    /** Records why the file cannot be copied. */
    recordFileFault: async (name: MessageName, fault: FileFault): Promise<void> => {
      await updateConditionally(table, messageKey(name), {
        UpdateExpression: 'SET fileFault = :fault',
        ...ITEM_EXISTS,
        ExpressionAttributeValues: { ':fault': fault },
      });
    },
  };
};
