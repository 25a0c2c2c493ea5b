import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readJson } from '../../functions/shared/domain/read-json.ts';
import { stackNameOf } from '../config.ts';
import { OperatorError } from './command.ts';

/** Where `cdk deploy` writes what the deployed stacks put out, as cdk.json says. */
export const OUTPUTS_FILE = 'cdk-outputs.json';
const FILE = new URL(`../../${OUTPUTS_FILE}`, import.meta.url);

/** What the commands need to know of a deployed stage. */
export const Outputs = z.object({
  Region: z.string(),
  TableName: z.string(),
  EventBusName: z.string(),
  EventFailuresQueueUrl: z.url(),
  /** Only where a channel has deliveries. */
  DeliveryFailuresQueueArn: z.string().optional(),
});
export type Outputs = z.infer<typeof Outputs>;

const Stacks = z.record(z.string(), z.record(z.string(), z.string()));

export interface Deployment {
  readonly stage: string;
  readonly outputs: Outputs;
}

const readText = (file: URL): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OperatorError(
      `There is no ${OUTPUTS_FILE}: deploy first; for a stage that is deployed already, npx cdk deploy --outputs-file ${OUTPUTS_FILE} writes it`,
      { cause },
    );
  }
};

const stageOf = (stackName: string): string => stackName.slice(stackNameOf('').length);

/** The stage that was asked for; without one, the only stage there is. */
const chooseStage = (asked: string | undefined, stages: readonly string[]): string => {
  const [only, ...others] = stages;
  if (only === undefined) throw new OperatorError(`${OUTPUTS_FILE} holds no stage of CareWindow: deploy first`);
  if (asked !== undefined && !stages.includes(asked))
    throw new OperatorError(
      `${OUTPUTS_FILE} holds no stage "${asked}", only ${stages.join(', ')}: npx cdk deploy -c stage=${asked} writes it`,
    );
  if (asked !== undefined) return asked;
  if (others.length > 0)
    throw new OperatorError(`--stage: say which of the stages in ${OUTPUTS_FILE} is meant: ${stages.join(', ')}`);
  return only;
};

/**
 * Reads what a stage put out when it was deployed; the only one where none is asked for.
 *
 * @throws an OperatorError that names the way out.
 */
export const readDeployment = (asked: string | undefined, file: URL = FILE): Deployment => {
  const stacks = readJson(readText(file), Stacks);
  if (stacks === undefined) throw new OperatorError(`${OUTPUTS_FILE} is not what cdk deploy writes: deploy again`);
  const ours = Object.keys(stacks).filter((name) => name.startsWith(stackNameOf('')));
  const stage = chooseStage(asked, ours.map(stageOf));
  const outputs = Outputs.safeParse(stacks[stackNameOf(stage)]);
  if (outputs.success) return { stage, outputs: outputs.data };
  const missing = outputs.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new OperatorError(`${OUTPUTS_FILE} lacks ${missing} of stage "${stage}": deploy the stage again`);
};
