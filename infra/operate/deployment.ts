import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readJson } from '../../functions/shared/domain/read-json.ts';
import { stackNameOf } from '../config.ts';
import { OperatorError } from './command.ts';

/** The file to which `cdk deploy` writes the stack outputs, as set in cdk.json. */
export const OUTPUTS_FILE = 'cdk-outputs.json';
const FILE = new URL(`../../${OUTPUTS_FILE}`, import.meta.url);

/** The stack outputs that the commands read. */
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
      `There is no ${OUTPUTS_FILE}. Deploy first; for a stage that is already deployed, npx cdk deploy --outputs-file ${OUTPUTS_FILE} writes it`,
      { cause },
    );
  }
};

const stageOf = (stackName: string): string => stackName.slice(stackNameOf('').length);

/** The requested stage; without a request, the only one. */
const chooseStage = (requested: string | undefined, stages: readonly string[]): string => {
  const [only, ...others] = stages;
  if (only === undefined) throw new OperatorError(`${OUTPUTS_FILE} has no stage of CareWindow: deploy first`);
  if (requested !== undefined && !stages.includes(requested))
    throw new OperatorError(
      `${OUTPUTS_FILE} has no stage "${requested}", only ${stages.join(', ')}: npx cdk deploy -c stage=${requested} writes it`,
    );
  if (requested !== undefined) return requested;
  if (others.length > 0)
    throw new OperatorError(`${OUTPUTS_FILE} has several stages: choose one with --stage: ${stages.join(', ')}`);
  return only;
};

/**
 * Reads the outputs of the requested stage; without a request, of the only stage.
 *
 * @throws an OperatorError that says what to do.
 */
export const readDeployment = (requested: string | undefined, file: URL = FILE): Deployment => {
  const stacks = readJson(readText(file), Stacks);
  if (stacks === undefined) throw new OperatorError(`${OUTPUTS_FILE} was not written by cdk deploy: deploy again`);
  const ours = Object.keys(stacks).filter((name) => name.startsWith(stackNameOf('')));
  const stage = chooseStage(requested, ours.map(stageOf));
  const outputs = Outputs.safeParse(stacks[stackNameOf(stage)]);
  if (outputs.success) return { stage, outputs: outputs.data };
  const missing = outputs.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new OperatorError(`${OUTPUTS_FILE} lacks ${missing} of stage "${stage}": deploy the stage again`);
};
