import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { parseDueShard } from '../../functions/shared/store/due/due-entry.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';

const DueEntry = z.object({ pk: z.string(), sk: z.string(), dueShard: z.string(), dueAt: z.int() });

/** Every entry of the `byDueAt` index with its kind and its channel; the index is small in a local run. */
export const readDueEntries = async ({ documents, tableName: TableName }: Table) => {
  const entries: (z.infer<typeof DueEntry> & ReturnType<typeof parseDueShard>)[] = [];
  const scan = { TableName, IndexName: SESSIONS_TABLE.byDueAt.indexName };
  for await (const { Items = [] } of paginateScan({ client: documents }, scan))
    for (const item of Items) {
      const entry = DueEntry.parse(item);
      entries.push({ ...entry, ...parseDueShard(entry.dueShard) });
    }
  return entries;
};
