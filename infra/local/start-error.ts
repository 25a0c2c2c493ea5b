/** Why the local run cannot start, in a sentence for the one who starts it; never quotes a configuration. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
