import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { Config } from '../functions/shared/domain/config.ts';
import { Console, checkConsole } from './console-config.ts';
import { checkDeployable } from './deployable.ts';
import { OAuth } from './oauth-config.ts';

/** Requests per second, and the burst above that rate. */
const Throttle = z.strictObject({ rate: z.int().positive(), burst: z.int().positive() });

/** One deployment of the service. */
export const Stage = z
  .strictObject({
    /** The provider accounts and the WhatsApp numbers, without secrets: those are stored in Secrets Manager after the deploy. */
    whatsapp: Config.superRefine(checkDeployable),
    /** Receives an email when the first alarm of a severity becomes active and when the last has ended, once it has confirmed both subscriptions. */
    alarmEmail: z.email().optional(),
    /**
     * Hours without a customer's message after which an alarm is raised, since a webhook that never arrives causes no
     * error: more than the longest quiet night, and at most a week, which is CloudWatch's limit.
     */
    inboundSilenceHours: z.int().min(1).max(168).default(12),
    logRetentionDays: z.enum(RetentionDays),
    throttle: z.strictObject({ webhooks: Throttle, api: Throttle }),
    /** The API a second time, below /oauth, for callers with an access token. @default - IAM authorizes every caller */
    oauth: OAuth.optional(),
    /** The page for the people who answer, who sign in at the issuer of `oauth`. @default - there is none */
    console: Console.optional(),
  })
  .superRefine(checkConsole);
export type Stage = z.infer<typeof Stage>;

/**
 * The stages of the service: edit them before `npx cdk deploy`. Each is a stack of its own, deployed with
 * `npx cdk deploy -c stage=<key>`; without `-c`, cdk.json names the stage. docs/operate.md says what two stages in one
 * account share. The ids of the example are placeholders, which a deploy refuses.
 */
const STAGES: Readonly<Record<string, z.input<typeof Stage>>> = {
  production: {
    whatsapp: {
      accounts: [
        { id: 'example-meta', provider: 'meta', wabaId: '100000000000000' },
        {
          id: 'example-sinch',
          provider: 'sinch',
          region: 'eu',
          projectId: '00000000-0000-0000-0000-000000000000',
          appId: '00000000000000000000000000',
        },
      ],
      channels: [
        {
          id: 'support',
          account: 'example-meta',
          phoneNumberId: '200000000000000',
          displayPhoneNumber: '+15550000000',
        },
        { id: 'support-sinch', account: 'example-sinch' },
      ],
    },
    logRetentionDays: RetentionDays.THREE_MONTHS,
    throttle: { webhooks: { rate: 500, burst: 1000 }, api: { rate: 200, burst: 400 } },
  },
};

/** The name of a stage's stack. */
export const stackNameOf = (stage: string): string => `CareWindow-${stage}`;

/** The keys of all stages. */
export const STAGE_NAMES: readonly string[] = Object.keys(STAGES);

/**
 * A stage with its defaults filled in.
 *
 * @throws an Error when there is no such stage, or when it is invalid; the message names the path of each mistake.
 */
export const readStage = (name: string, stages: Readonly<Record<string, unknown>> = STAGES): Stage => {
  if (!Object.hasOwn(stages, name))
    throw new Error(`infra/config.ts has no stage "${name}", only ${Object.keys(stages).join(', ')}`);
  const stage = Stage.safeParse(stages[name]);
  if (!stage.success) throw new Error(`infra/config.ts, stage "${name}":\n${z.prettifyError(stage.error)}`);
  return stage.data;
};
