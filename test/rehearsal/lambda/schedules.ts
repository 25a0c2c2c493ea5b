import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import type { Functions } from './functions.ts';

const Schedule = z.object({
  ScheduleExpression: z.string(),
  State: z.literal('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string() })),
});

/** Runs a schedule of the template now, found by the start of its logical id, as EventBridge does. */
export const createSchedules =
  (assembly: Assembly, functions: Functions) =>
  async (prefix: string): Promise<void> => {
    const [rule, ...others] = assembly
      .ofType('AWS::Events::Rule')
      .filter(({ id, properties }) => id.startsWith(prefix) && 'ScheduleExpression' in properties);
    if (rule === undefined || others.length > 0) throw new Error(`the template has no schedule ${prefix}`);
    const ruleArn = assembly.identity(rule.id).attributes['Arn'] ?? '';
    const { account, region } = PLACE;
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account,
      time: new Date().toISOString(),
      region,
      resources: [ruleArn],
      detail: {},
    };
    for (const { Arn } of Schedule.parse(rule.properties).Targets) {
      if (!functions.mayInvoke('events.amazonaws.com', Arn, ruleArn)) continue;
      const outcome = await functions.invoke(Arn, event);
      if (outcome.kind === 'failed') throw new Error(`${rule.id}: the function failed: ${outcome.report}`);
    }
  };
