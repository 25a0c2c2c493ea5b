/**
 * The part of an update that records when a customer's record was created: the stream compares it with the end of a session,
 * so that nothing of an erased customer is added to the same customer who comes back (R16). A record of a release that did
 * not store it is as old as its last opening.
 */
export const KNOWN_SINCE = 'knownSince = if_not_exists(knownSince, if_not_exists(lastOpenedAt, :knownSince))';
