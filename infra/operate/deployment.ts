import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { STAGE_NAMES, stackNameOf } from '../config.ts';
import { OperatorError } from './command.ts';

/** The stack outputs that the commands read. */
export const Outputs = z.object({
  Region: z.string(),
  TableName: z.string(),
  EventBusName: z.string(),
  EventFailuresQueueUrl: z.url(),
  MediaQueueUrl: z.url(),
  MediaFailuresQueueArn: z.string(),
  /** Only where a channel has deliveries. */
  DeliveryFailuresQueueArn: z.string().optional(),
  /** Only where an account is at AWS. */
  SocialFailuresQueueArn: z.string().optional(),
});
export type Outputs = z.infer<typeof Outputs>;

export interface Deployment {
  readonly stage: string;
  readonly outputs: Outputs;
}

/** Reads the outputs of a stack by its name; `undefined` when there is no such stack. */
export type ReadOutputs = (stackName: string) => Promise<Readonly<Record<string, string>> | undefined>;

const isUnknownStack = (fault: unknown): boolean =>
  fault instanceof CloudFormationServiceException &&
  fault.name === 'ValidationError' &&
  /does not exist/.test(fault.message);

/** What the SDK says before it can call AWS, and what the operator has to do. */
const unconfigured = (fault: unknown): string | undefined => {
  if (!(fault instanceof Error)) return undefined;
  if (fault.message === 'Region is missing')
    return 'No AWS region is set: set AWS_REGION, or AWS_PROFILE to a profile that has one';
  if (fault.name === 'CredentialsProviderError')
    return `There are no AWS credentials: set AWS_PROFILE, or sign in again (${fault.message})`;
  return undefined;
};

/** Reads outputs from CloudFormation, in the account and region of the caller's AWS configuration. */
export const createOutputsReader =
  (client: CloudFormationClient): ReadOutputs =>
  async (StackName) => {
    try {
      const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
      return Object.fromEntries(
        (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
    } catch (fault) {
      if (isUnknownStack(fault)) return undefined;
      const advice = unconfigured(fault);
      throw advice === undefined ? fault : new OperatorError(advice, { cause: fault });
    }
  };

/** The requested stage; without a request, the only one in `infra/config.ts`. */
const chooseStage = (requested: string | undefined, stages: readonly string[]): string => {
  if (requested !== undefined && !stages.includes(requested))
    throw new OperatorError(`infra/config.ts has no stage "${requested}", only ${stages.join(', ')}`);
  if (requested !== undefined) return requested;
  const [only, ...others] = stages;
  if (only === undefined) throw new OperatorError('infra/config.ts has no stage');
  if (others.length > 0)
    throw new OperatorError(`infra/config.ts has several stages: choose one with --stage: ${stages.join(', ')}`);
  return only;
};

export interface DeploymentOptions {
  /** @default - the stages of infra/config.ts */
  readonly stages?: readonly string[];
  /** @default - from CloudFormation */
  readonly read?: ReadOutputs;
}

/**
 * Reads the outputs of the requested stage; without a request, of the only stage.
 *
 * @throws an OperatorError that says what to do.
 */
export const readDeployment = async (
  requested: string | undefined,
  { stages = STAGE_NAMES, read = createOutputsReader(new CloudFormationClient({})) }: DeploymentOptions = {},
): Promise<Deployment> => {
  const stage = chooseStage(requested, stages);
  const stack = stackNameOf(stage);
  const found = await read(stack);
  if (found === undefined)
    throw new OperatorError(
      `There is no stack ${stack} in this AWS account and region: deploy the stage, or set AWS_PROFILE and AWS_REGION to those of its deployment`,
    );
  const outputs = Outputs.safeParse(found);
  if (outputs.success) return { stage, outputs: outputs.data };
  const missing = outputs.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new OperatorError(`The stack ${stack} lacks the outputs ${missing}: deploy the stage again`);
};
