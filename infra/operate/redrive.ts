import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../functions/shared/runtime/clock.ts';
import { createEventBridgeBus, createEventBridgeClient } from '../../functions/shared/runtime/event-bus.ts';
import { createDynamoClient } from '../../functions/shared/store/dynamo/client.ts';
import { readStage } from '../config.ts';
import { readOptions, runCommand } from './command.ts';
import { createDeadLetterQueue, startRedrive } from './dead-letter-queue.ts';
import { type Outputs, readDeployment } from './deployment.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { createRepublish } from './republish.ts';
import { createStreamReader } from './stream-reader.ts';

/** Lambda polls the same shards, and DynamoDB throttles more than two readers of a shard. */
const MAX_ATTEMPTS = 10;

const print = (line: string): void => console.log(line);

const redriveRecords = async (sqs: SQSClient, stage: string, outputs: Outputs): Promise<boolean> => {
  const { Region: region, TableName: tableName, EventBusName, EventFailuresQueueUrl } = outputs;
  const { redriven, failed, expired } = await redriveDeadLetters({
    queue: createDeadLetterQueue(sqs, EventFailuresQueueUrl),
    reader: createStreamReader(new DynamoDBStreamsClient({ region, maxAttempts: MAX_ATTEMPTS })),
    republish: createRepublish({
      config: readStage(stage).whatsapp,
      tableName,
      dynamo: createDynamoClient({ region }),
      now: systemClock,
      bus: createEventBridgeBus(createEventBridgeClient({ region }), EventBusName),
    }),
    print,
  });
  print(`${redriven} redriven, ${failed} failed, ${expired} expired`);
  return failed + expired === 0;
};

const redriveDeliveries = async (sqs: SQSClient, { DeliveryFailuresQueueArn: arn }: Outputs): Promise<void> => {
  if (arn === undefined) return;
  await startRedrive(sqs, arn);
  print('Failed deliveries, if any, are being moved back to their queue and will be retried from there.');
};

const run = async (): Promise<void> => {
  const { stage, outputs } = readDeployment(readOptions(process.argv.slice(2), 'stage').stage);
  const sqs = new SQSClient({ region: outputs.Region });
  if (!(await redriveRecords(sqs, stage, outputs))) process.exitCode = 1;
  await redriveDeliveries(sqs, outputs);
};

runCommand(run);
