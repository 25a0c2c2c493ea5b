import { createEventDestination } from '../shared/providers/aws-social/event-destination.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createRoleCredentials } from '../shared/runtime/secrets.ts';
import { EventDestinationEnv } from './env.ts';
import { createEventDestinationResource, ResourceRequest } from './event-destination.ts';

export const handler = createLambda('event-destination', EventDestinationEnv, (env, log) => {
  const credentials = createRoleCredentials(env.AWS_REGION);
  const handle = createEventDestinationResource({
    config: readConfigFile(env.CONFIG_FILE),
    destinationOf: async (wabaId, account) =>
      createEventDestination({ account: { ...account, wabaId }, credentials: await credentials(), now: systemClock }),
    log,
  });
  return async (event: unknown) => handle(ResourceRequest.parse(event));
});
