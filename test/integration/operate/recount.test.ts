import { execFile } from 'node:child_process';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { recountMembers } from '../../../functions/shared/store/usage/recount.ts';
import { memberCountKeys } from '../../../functions/shared/store/usage/usage-keys.ts';
import { anArrival, CHANNEL } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aLocalService } from '../../support/local.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { anActivity, NOVEMBER } from '../../support/usage.ts';

const scope = { channel: CHANNEL, month: NOVEMBER };

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const recount = () => recountMembers(table, scope);

const countSome = async (people: number) => {
  const numbers = Array.from({ length: people }, (_, index) => CustomerKey.parse(`+1650555${3_000 + index}`));
  for (const customer of numbers) await table.peer().recordInbound(anArrival({ identities: { phone: customer } }));
  await table.peer().countActivities(numbers.map((customer) => anActivity({ customer })));
};

const addToCounter = (by: number) =>
  table.documents.send(
    new UpdateCommand({
      TableName: table.tableName,
      Key: { ...memberCountKeys(scope)[0] },
      UpdateExpression: 'ADD members :by',
      ExpressionAttributeValues: { ':by': by },
    }),
  );

describe('the recount of members', () => {
  it('confirms the counters, and finds one that is wrong', async () => {
    await countSome(12);
    expect(await recount()).toEqual({ counted: 12, members: 12, wrong: 0 });

    await addToCounter(2);

    expect(await recount()).toEqual({ counted: 14, members: 12, wrong: 1 });
  });

  it('reads a counter again that changed meanwhile', async () => {
    await countSome(3);
    let concurrent: Promise<void> | undefined;
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] === 'QueryCommand') {
          concurrent ??= countSome(8);
          await concurrent;
        }
        return next(args);
      },
      { step: 'initialize', name: 'meanwhile' },
    );

    expect(await recountMembers({ documents: table.own, tableName: table.tableName }, scope)).toEqual({
      counted: 8,
      members: 8,
      wrong: 0,
    });
  });
});

const run = (args: readonly string[], env: object) =>
  new Promise<{ code: number; text: string }>((resolve) => {
    execFile(
      process.execPath,
      ['infra/operate/recount.ts', ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    );
  });

describe('npm run recount', () => {
  it('reports for each channel and for all together whether the counters are right', async () => {
    const { write, call, dynamoDbEndpoint } = await aLocalService({ tableName: 'sessions' });
    await write({ channel: 'support', from: '+15551230001', text: 'Hello' });
    const { month } = (await call('GET', '/v1/channels/support/usage')).body;

    const { code, text } = await run(['--month', month], { AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint });

    expect({ code, lines: text.trim().split('\n') }).toEqual({
      code: 0,
      lines: [
        `Recount of the local run at ${dynamoDbEndpoint}`,
        `${month} support: 1 counted, 1 members, 0 counters differ`,
        `${month} support-sinch: 0 counted, 0 members, 0 counters differ`,
        `${month} support-aws: 0 counted, 0 members, 0 counters differ`,
        `${month} all channels together: 1 counted, 1 members, 0 counters differ`,
      ],
    });
  });

  it.each([
    [['--month', 'November'], '--month: "November" is not a calendar month such as 2026-11'],
    [['--year', '2026'], 'The options are --stage and --month'],
    [['--stage', 'production'], 'AWS_ENDPOINT_URL_DYNAMODB names a local run, which has no stage'],
  ])('refuses %j', async (args, sentence) => {
    const { code, text } = await run(args, { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });

    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining(sentence) });
  });
});

it.each(['recount', 'redrive'])('npm run %s -- --help explains the options and does nothing else', async (name) => {
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, [`infra/operate/${name}.ts`, '--help'], (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), text: stdout }),
    );
  });

  expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(new RegExp(`^npm run ${name} -- .*--stage`)) });
});
