/**
 * The client from its source. It is loaded by its URL, since the types of a referenced project are those of its output,
 * which is not there before it is built; test/infra/client-package.test.ts checks the types.
 */
export const { createCareWindow, bearer, clientCredentials, sigv4, pages, unwrap, ProblemError, GatewayError } =
  await import(new URL('../../functions/client/client.ts', import.meta.url).href);
