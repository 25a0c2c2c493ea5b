import { type Answered, unwrap } from './problem-error.ts';

export interface Page {
  readonly next?: string | undefined;
}

/**
 * Reads a list page by page:
 * `for await (const { templates } of pages((query) => careWindow.GET(path, { params: { path: { channel }, query } })))`.
 */
export async function* pages<P extends Page>(
  load: (query: { cursor?: string }) => Promise<Answered<P>>,
): AsyncGenerator<P, void> {
  for (let query: { cursor?: string } | undefined = {}; query !== undefined; ) {
    const page: P = await unwrap(load(query));
    yield page;
    query = page.next === undefined ? undefined : { cursor: page.next };
  }
}
