import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Template } from '../../../functions/shared/domain/template.ts';
import { readPages } from '../../../functions/shared/providers/template-pages.ts';

const Listed = z.custom<Template>();

/** Reads a list of that many pages, and counts the pages that were read. */
const readList = async (pages: number) => {
  let reads = 0;
  const list = await readPages(Listed, async (cursor) => {
    reads += 1;
    const page = cursor === undefined ? 1 : Number(cursor);
    return { elements: [{ name: `template_${page}` }], next: page < pages ? String(page + 1) : undefined };
  });
  return { list, reads };
};

describe('the pages of a list of templates', () => {
  it('are read up to the last of 200', async () => {
    const { list, reads } = await readList(200);

    expect(reads).toBe(200);
    expect(list).toMatchObject({ kind: 'listed', templates: { length: 200 } });
  });

  it('fail when they never end, rather than empty the registry', async () => {
    const { list, reads } = await readList(Number.POSITIVE_INFINITY);

    expect(reads).toBe(200);
    expect(list).toMatchObject({ kind: 'failed', error: { code: 'unreadable_list', class: 'alert' } });
  });
});
