/** The local run cannot start. The message says why and never quotes the configuration, which contains secrets. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
