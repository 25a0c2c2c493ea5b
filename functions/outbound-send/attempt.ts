import type { ClaimedSend } from '../shared/store/message/claim-send.ts';
import type { AllowedSend } from './decide.ts';
import type { DecisionInput } from './load-state.ts';
import type { ReadyFiles } from './prepare-files.ts';
import type { IdentifiedRequest } from './read-request.ts';

/** One attempt of a claimed send: the decision that allows it and the state that this was decided on. */
export interface Attempt {
  readonly requested: IdentifiedRequest;
  readonly input: DecisionInput;
  readonly allowed: AllowedSend;
  readonly claimed: ClaimedSend;
  /** The provider's id of the message that is replied or reacted to. */
  readonly replyTo: string | undefined;
  readonly files: ReadyFiles;
  /** When its files were begun to be prepared, by the monotonic clock. */
  readonly startedMs: number;
}
