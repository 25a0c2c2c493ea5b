import type { ReportedStatus } from '../domain/status.ts';
import type { Table } from './client.ts';
import { messageKey, parseReference } from './keys.ts';
import { moveMessage, type StatusMove } from './message-status.ts';

export interface RecordStatus extends StatusMove {
  readonly channel: string;
  /** What travelled with the message; absent on messages that others sent from the same number. */
  readonly reference: string | undefined;
  readonly to: ReportedStatus;
}

export type StatusRecorded = 'moved' | 'not_forward' | 'unknown_message';

/** Moves messages forward as the provider reports (R13): one write on an existing record, never a new record. */
export const createStatusStore = (table: Table) => ({
  recordStatus: async ({ channel, reference, ...move }: RecordStatus): Promise<StatusRecorded> => {
    const name = reference === undefined ? undefined : parseReference(reference);
    if (name === undefined) return 'unknown_message';
    const moved = await moveMessage(table, messageKey({ channel, ...name }), move);
    if (moved.ok) return 'moved';
    return moved.item === undefined ? 'unknown_message' : 'not_forward';
  },
});
