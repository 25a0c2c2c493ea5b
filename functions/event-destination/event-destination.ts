import * as z from 'zod';
import type { AwsSocialAccount } from '../shared/domain/aws-social-account.ts';
import { type Config, isAwsSocialAccount } from '../shared/domain/config.ts';
import { callOnce } from '../shared/network/http-call.ts';
import type { EventDestination } from '../shared/providers/aws-social/event-destination.ts';
import type { Log } from '../shared/runtime/log.ts';

/** A request of CloudFormation about a resource of this kind, and where its answer goes. */
export const ResourceRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.object({
    /** The id of the account in the configuration. */
    account: z.string(),
    wabaId: z.string(),
    topicArn: z.string(),
  }),
});
export type ResourceRequest = z.infer<typeof ResourceRequest>;

export interface EventDestinationOptions {
  readonly config: Config;
  readonly destinationOf: (wabaId: string, account: AwsSocialAccount | undefined) => Promise<EventDestination>;
  readonly log: Log;
}

const refusal = (wabaId: string, other: string): string =>
  `The business account ${wabaId} has another event destination, ${other}, and AWS keeps one alone. Use its topic (eventTopicArn), or replace it (replaceEventDestination: true): its subscribers then get no events.`;

/** Makes our topic the destination, unless another one is there that must stay. */
const associate = async (
  destination: EventDestination,
  { wabaId, topicArn }: ResourceRequest['ResourceProperties'],
  replaces: boolean,
): Promise<void> => {
  const found = await destination.read();
  const other = found.find((arn) => arn !== topicArn);
  if (other !== undefined && !replaces) throw new Error(refusal(wabaId, other));
  if (other !== undefined || found.length === 0) await destination.write([topicArn]);
};

/** Takes our topic away, and no other. */
const release = async (destination: EventDestination, { topicArn }: { readonly topicArn: string }): Promise<void> => {
  const found = await destination.read();
  if (found.includes(topicArn)) await destination.write(found.filter((arn) => arn !== topicArn));
};

const answer = async (request: ResourceRequest, reason: string | undefined): Promise<void> => {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = request;
  const body = JSON.stringify({
    Status: reason === undefined ? 'SUCCESS' : 'FAILED',
    Reason: reason ?? 'done',
    PhysicalResourceId: ResourceProperties.wabaId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  // The link is signed without a type.
  const call = await callOnce({
    url: ResponseURL,
    method: 'PUT',
    headers: { 'content-type': '' },
    body,
    timeoutMs: 10_000,
  });
  if (call.kind !== 'answered' || call.status >= 300) throw new Error('CloudFormation did not take the answer');
};

/** The reason of the failure, shown by the deployment; `undefined` after a success. */
const fulfil = async (
  { config, destinationOf, log }: EventDestinationOptions,
  { RequestType: request, ResourceProperties: properties }: ResourceRequest,
): Promise<string | undefined> => {
  const { account: id, wabaId } = properties;
  try {
    const account = config.accounts.filter(isAwsSocialAccount).find((candidate) => candidate.id === id);
    const destination = await destinationOf(wabaId, account);
    await (request === 'Delete'
      ? release(destination, properties)
      : associate(destination, properties, account?.replaceEventDestination === true));
    log.info('event-destination.done', { account: id, request });
    return undefined;
  } catch (fault) {
    log.error('event-destination.failed', { account: id, request }, fault);
    // A topic that is gone gets no events: what is left of it holds up no deployment.
    if (request === 'Delete') return undefined;
    return fault instanceof Error ? fault.message : 'failed';
  }
};

/**
 * Sets the event destination of a business account when its stack is created or changed, and takes it away with the stack.
 * Another destination stays, unless the configuration says that it is replaced: the deployment fails and says so.
 */
export const createEventDestinationResource =
  (options: EventDestinationOptions) =>
  async (request: ResourceRequest): Promise<void> => {
    const { log } = options;
    log.begin(request.RequestId);
    try {
      await answer(request, await fulfil(options, request));
    } finally {
      log.end();
    }
  };
