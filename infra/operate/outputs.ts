import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { readJson } from '../../functions/shared/providers/read-json.ts';
import { stackNameOf } from '../config.ts';

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

/** Why a command cannot run, in a sentence for the operator. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
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

const askedStage = (args: readonly string[]): string | undefined => {
  try {
    return parseArgs({ args: [...args], options: { stage: { type: 'string' } } }).values.stage;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new OperatorError(`${reason}. The only option is --stage <name>`, { cause });
  }
};

/**
 * Reads what the stage of the command line, `--stage production`, put out when it was deployed.
 *
 * @throws an OperatorError that names the way out.
 */
export const readDeployment = (args: readonly string[], file: URL = FILE): Deployment => {
  const asked = askedStage(args);
  const stacks = readJson(readText(file), Stacks);
  if (stacks === undefined) throw new OperatorError(`${OUTPUTS_FILE} is not what cdk deploy writes: deploy again`);
  const ours = Object.keys(stacks).filter((name) => name.startsWith(stackNameOf('')));
  const stage = chooseStage(asked, ours.map(stageOf));
  const outputs = Outputs.safeParse(stacks[stackNameOf(stage)]);
  if (outputs.success) return { stage, outputs: outputs.data };
  const missing = outputs.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new OperatorError(`${OUTPUTS_FILE} lacks ${missing} of stage "${stage}": deploy the stage again`);
};
