import type { ProblemDetails } from '../../../functions/shared/http/problem.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { LocalEvents } from '../local-events.ts';
import type { FrontRoute } from '../route-match.ts';
import { localRoute } from './local-route.ts';

const NO_STREAM: ProblemDetails = {
  code: 'internal',
  detail: 'This DynamoDB has no streams, so no events are published: use DynamoDB Local, which needs Java.',
};

export const eventRoutes = ({ list, clear, redrive, hasStream, drain }: LocalEvents): readonly FrontRoute[] => {
  const show = async () => {
    await drain();
    return hasStream ? json(200, { events: list() }) : NO_STREAM;
  };
  const clearAndShow = async () => {
    await drain();
    clear();
    return show();
  };
  return [
    localRoute('GET', 'events', show),
    localRoute('DELETE', 'events', clearAndShow),
    localRoute('POST', 'redrive', async () => json(200, await redrive())),
  ];
};
