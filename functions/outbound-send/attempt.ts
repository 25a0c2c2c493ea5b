import type { ClaimedSend } from '../shared/store/message/claim-send.ts';
import type { AllowedSend } from './decide.ts';
import type { DecisionInput } from './load-state.ts';
import type { IdentifiedRequest } from './read-request.ts';

/** One attempt of a claimed send: the decision that allows it and the state that this was decided on. */
export interface Attempt {
  readonly requested: IdentifiedRequest;
  readonly input: DecisionInput;
  readonly allowed: AllowedSend;
  readonly claimed: ClaimedSend;
  /** The provider's id of the message that is replied or reacted to. */
  readonly replyTo: string | undefined;
}
