import * as z from 'zod';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import { readJson } from '../../domain/read-json.ts';
import type { AwsSocialApiSecrets } from '../../domain/secrets.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import { toProviderError } from './errors.ts';
import { callSigned } from './signed-call.ts';

export interface EventDestinationDeps {
  readonly account: Pick<AwsSocialAccount, 'wabaId' | 'region' | 'baseUrl'>;
  readonly credentials: AwsSocialApiSecrets;
  readonly now: () => Date;
}

const TIMEOUT_MS = 10_000;

const Details = z.object({
  account: z.object({ eventDestinations: z.array(z.object({ eventDestinationArn: z.string() })).default([]) }),
});

const answerOf = (call: CallOutcome, what: string): string => {
  if (call.kind === 'answered' && call.status === 200) return call.text;
  const code = call.kind === 'answered' ? toProviderError(call).code : call.code;
  throw new Error(`AWS did not ${what}: ${code}`);
};

/** The event destination of a business account at AWS, which has one. */
export const createEventDestination = ({ account, credentials, now }: EventDestinationDeps) => {
  const caller = { account, credentials, now };
  return {
    /**
     * The ARNs of the destinations that are set.
     * @throws where AWS does not show them
     */
    read: async (): Promise<readonly string[]> => {
      const call = await callSigned(caller, {
        path: '/v1/whatsapp/waba/details',
        query: { id: account.wabaId },
        timeoutMs: TIMEOUT_MS,
      });
      const details = readJson(answerOf(call, 'show the business account'), Details);
      if (details === undefined) throw new Error('AWS showed no business account');
      return details.account.eventDestinations.map(({ eventDestinationArn }) => eventDestinationArn);
    },

    /**
     * Replaces the destinations by these.
     * @throws where AWS refuses
     */
    write: async (arns: readonly string[]): Promise<void> => {
      const call = await callSigned(caller, {
        path: '/v1/whatsapp/waba/eventdestinations',
        method: 'PUT',
        body: { id: account.wabaId, eventDestinations: arns.map((eventDestinationArn) => ({ eventDestinationArn })) },
        timeoutMs: TIMEOUT_MS,
      });
      answerOf(call, 'set the event destination');
    },
  };
};
export type EventDestination = ReturnType<typeof createEventDestination>;
