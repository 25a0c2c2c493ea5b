/**
 * The client from its source. It is loaded by its URL, since it is checked against the types of a browser, which the
 * tests do not have; test/infra/client-package.test.ts checks the types.
 */
export const { createCareWindow, bearer, clientCredentials, sigv4, pages, unwrap, ProblemError, GatewayError } =
  await import(new URL('../../functions/client/client.ts', import.meta.url).href);
