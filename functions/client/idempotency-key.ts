import type { Middleware } from 'openapi-fetch';

const HEADER = 'Idempotency-Key';

/** Gives a send without an `Idempotency-Key` one of its own, so that its repeats lead to one message. */
export const idempotencyKey: Middleware = {
  onRequest: ({ request, schemaPath }) => {
    if (schemaPath === '/v1/messages' && request.method === 'POST' && !request.headers.has(HEADER))
      request.headers.set(HEADER, crypto.randomUUID());
    return request;
  },
};
