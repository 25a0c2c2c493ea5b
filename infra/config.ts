import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { Config } from '../functions/shared/domain/config.ts';

/** Requests per second, and how many may come at once. */
const Throttle = z.strictObject({ rate: z.int().positive(), burst: z.int().positive() });

/** One deployment of the service. */
export const Stage = z.strictObject({
  /** The provider accounts and the WhatsApp numbers; no secret stands here, those go to Secrets Manager after the deploy. */
  whatsapp: Config,
  /** Who gets a mail when an alarm changes; AWS asks that address to confirm first. */
  alarmEmail: z.email().optional(),
  /**
   * For how many hours no customer may write before it is an alarm: longer than the quietest night, since a webhook that
   * never comes makes no error. CloudWatch looks back a week at most.
   */
  inboundSilenceHours: z.int().min(1).max(168).default(12),
  logRetentionDays: z.enum(RetentionDays),
  throttle: z.strictObject({ webhooks: Throttle, api: Throttle }),
});
export type Stage = z.infer<typeof Stage>;

/**
 * The file to edit before `npx cdk deploy`. Each key is a stage, deployed as a stack of its own with
 * `npx cdk deploy -c stage=<key>`; without `-c`, the one that cdk.json names. Stages belong in AWS accounts of their own:
 * metrics of two stages in one account and region are counted together.
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

/** The stack that a stage is deployed as. */
export const stackNameOf = (stage: string): string => `CareWindow-${stage}`;

/**
 * Reads one stage and fills in the defaults.
 *
 * @throws when there is no such stage, or when it holds a mistake; the message names the path of each.
 */
export const readStage = (name: string, stages: Readonly<Record<string, unknown>> = STAGES): Stage => {
  if (!Object.hasOwn(stages, name))
    throw new Error(`infra/config.ts has no stage "${name}", only ${Object.keys(stages).join(', ')}`);
  const stage = Stage.safeParse(stages[name]);
  if (!stage.success) throw new Error(`infra/config.ts, stage "${name}":\n${z.prettifyError(stage.error)}`);
  return stage.data;
};
