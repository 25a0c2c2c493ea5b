/** A Lambda's partial batch response: of a queue the messages that failed, of a stream the first record that failed. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}
