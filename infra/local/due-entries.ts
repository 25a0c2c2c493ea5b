import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { SESSIONS_TABLE } from '../../functions/shared/store/table.ts';

const DueEntry = z.object({ pk: z.string(), sk: z.string(), dueBucket: z.string() });

/** Every entry of the `byDue` index, which is small in a local run. */
export const readDueEntries = async ({ documents, tableName: TableName }: Table) => {
  const entries: z.infer<typeof DueEntry>[] = [];
  const scan = { TableName, IndexName: SESSIONS_TABLE.byDue.indexName };
  for await (const { Items = [] } of paginateScan({ client: documents }, scan))
    entries.push(...Items.map((item) => DueEntry.parse(item)));
  return entries;
};
