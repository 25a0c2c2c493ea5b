import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { createSqsDeliveryQueue } from '../../functions/shared/runtime/delivery-queue.ts';
import { createEventBridgeBus, createEventBridgeClient } from '../../functions/shared/runtime/event-bus.ts';
import { createDynamoClient } from '../../functions/shared/store/dynamo/client.ts';
import { readStage } from '../config.ts';
import { OperatorError, offerHelp, readOptions, runCommand } from './command.ts';
import { createDeadLetterQueue, startRedrive } from './dead-letter-queue.ts';
import { type Outputs, readDeployment } from './deployment.ts';
import { type RedriveCounts, redriveDeadLetters } from './redrive-dead-letters.ts';
import { createRepublish } from './republish.ts';
import { createStreamReader } from './stream-reader.ts';

/** Lambda polls the same shards, and DynamoDB throttles more than two readers of a shard. */
const MAX_ATTEMPTS = 10;

const print = (line: string): void => console.log(line);

/** False where a record could not be published. */
const reportRecords = ({ redriven, failed, expired }: RedriveCounts): boolean => {
  print(`${redriven} redriven, ${failed} failed, ${expired} expired`);
  return failed + expired === 0;
};

const redriveRecords = async (sqs: SQSClient, stage: string, outputs: Outputs): Promise<boolean> => {
  const { Region: region, TableName: tableName, EventBusName, EventFailuresQueueUrl, MediaQueueUrl } = outputs;
  const counts = await redriveDeadLetters({
    queue: createDeadLetterQueue(sqs, EventFailuresQueueUrl),
    reader: createStreamReader(new DynamoDBStreamsClient({ region, maxAttempts: MAX_ATTEMPTS })),
    republish: createRepublish({
      config: readStage(stage).whatsapp,
      tableName,
      dynamo: createDynamoClient({ region }),
      now: systemClock,
      bus: createEventBridgeBus(createEventBridgeClient({ region }), EventBusName),
      mediaQueue: createSqsDeliveryQueue(sqs, MediaQueueUrl),
    }),
    print,
  });
  return reportRecords(counts);
};

const redriveDeliveries = async (sqs: SQSClient, { DeliveryFailuresQueueArn: arn }: Outputs): Promise<void> => {
  if (arn === undefined) return;
  await startRedrive(sqs, arn);
  print('Failed deliveries, if any, are being moved back to their queue and will be retried from there.');
};

const redriveSocialEvents = async (sqs: SQSClient, { SocialFailuresQueueArn: arn }: Outputs): Promise<void> => {
  if (arn === undefined) return;
  await startRedrive(sqs, arn);
  print(
    'Failed events of numbers at AWS, if any, are being moved back to their queue and will be recorded from there.',
  );
};

const HELP = `npm run redrive -- [--stage <stage> | --local <url>]

Publishes the stream records that could not be published, and moves failed deliveries, failed events of numbers at AWS,
and failed copies and removals of files back to their queues.

  --stage   a stage of infra/config.ts; needed where it has several
  --local   the address of a local run, such as http://127.0.0.1:8080`;

const redriveDeployed = async (requestedStage: string | undefined): Promise<void> => {
  const { stage, outputs } = await readDeployment(requestedStage);
  print(`Redrive of stage ${stage} in ${outputs.Region}`);
  const sqs = new SQSClient({ region: outputs.Region });
  if (!(await redriveRecords(sqs, stage, outputs))) process.exitCode = 1;
  await redriveDeliveries(sqs, outputs);
  await redriveSocialEvents(sqs, outputs);
  await startRedrive(sqs, outputs.MediaFailuresQueueArn);
  print('Failed copies and removals of files, if any, are being moved back to their queue.');
};

const Redriven = z.object({
  records: z.object({ redriven: z.int(), failed: z.int(), expired: z.int() }),
  lines: z.array(z.string()),
  deliveries: z.int(),
  socialEvents: z.int(),
});

/** A local run keeps its dead letters in memory, so it redrives them itself. */
const redriveLocal = async (url: string): Promise<void> => {
  print(`Redrive of the local run at ${url}`);
  const answer = await fetch(new URL('/_local/redrive', url), { method: 'POST' }).catch((cause: unknown) => {
    throw new OperatorError(`No local run answers at ${url}: start it with npm start`, { cause });
  });
  if (!answer.ok) throw new OperatorError(`${url} answers ${answer.status}: it is no local run of CareWindow`);
  const { records, lines, deliveries, socialEvents } = Redriven.parse(await answer.json());
  for (const line of lines) print(line);
  if (!reportRecords(records)) process.exitCode = 1;
  print(`${deliveries} failed deliveries are sent again`);
  print(`${socialEvents} failed events of numbers at AWS are received again`);
};

const run = async (): Promise<void> => {
  const args = process.argv.slice(2);
  offerHelp(args, HELP);
  const { stage, local } = readOptions(args, 'stage', 'local');
  if (stage !== undefined && local !== undefined)
    throw new OperatorError('Give --stage or --local, not both: a local run has no stage');
  await (local === undefined ? redriveDeployed(stage) : redriveLocal(local));
};

runCommand(run);
