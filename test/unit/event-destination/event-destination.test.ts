import {
  GetLinkedWhatsAppBusinessAccountCommand,
  PutWhatsAppBusinessAccountEventDestinationsCommand,
  SocialMessagingClient,
} from '@aws-sdk/client-socialmessaging';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEventDestinationResource } from '../../../functions/event-destination/event-destination.ts';
import type { AwsSocialAccount } from '../../../functions/shared/domain/aws-social-account.ts';
import { Config } from '../../../functions/shared/domain/config.ts';
import { createEventDestination } from '../../../functions/shared/providers/aws-social/event-destination.ts';
import { anAwsAccount, anAwsChannel, awsSocialSecrets } from '../../support/aws-social.ts';
import { aProviderServer, type ProviderCall, type Scripted } from '../../support/provider-server.ts';
import { aLog } from '../../support/service.ts';

const { wabaId } = anAwsAccount();
const OURS = 'arn:aws:sns:eu-central-1:111122223333:CareWindow-Topic';
const OTHER = 'arn:aws:sns:eu-central-1:111122223333:somebody-else';

/** AWS with these destinations, and CloudFormation, which takes the answer. */
const aDeployment = async (
  destinations: readonly string[],
  { account = {}, failure }: { account?: Partial<AwsSocialAccount>; failure?: Scripted } = {},
) => {
  let set = destinations;
  const server = await aProviderServer(({ method, path, body }) => {
    if (path.startsWith('/answer')) return {};
    if (failure !== undefined) return failure;
    if (method === 'PUT')
      set = (body as { eventDestinations: { eventDestinationArn: string }[] }).eventDestinations.map(
        ({ eventDestinationArn }) => eventDestinationArn,
      );
    const eventDestinations = set.map((eventDestinationArn) => ({ eventDestinationArn }));
    return { body: { account: { id: wabaId, eventDestinations } } };
  });
  onTestFinished(server.close);
  const log = aLog();
  const handle = createEventDestinationResource({
    config: Config.parse({ accounts: [anAwsAccount({ baseUrl: server.url, ...account })], channels: [anAwsChannel()] }),
    destinationOf: async (id, found) =>
      createEventDestination({
        account: { ...found, wabaId: id },
        credentials: awsSocialSecrets,
        now: () => new Date('2026-11-20T09:00:00.000Z'),
      }),
    log,
  });
  const isAnswer = ({ path }: ProviderCall): boolean => path.startsWith('/answer');
  return {
    log,
    request: async (RequestType: 'Create' | 'Update' | 'Delete') => {
      await handle({
        RequestType,
        ResponseURL: `${server.url}/answer?signature=1`,
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'Destination',
        ResourceProperties: { account: 'shop-aws', wabaId, topicArn: OURS },
      });
      return JSON.parse(server.calls.find(isAnswer)?.text ?? '');
    },
    destinations: () => set,
    calls: () => server.calls.filter((call) => !isAnswer(call)),
    writes: () => server.calls.filter((call) => call.method === 'PUT' && !isAnswer(call)).length,
  };
};

describe('the event destination of a business account at AWS', () => {
  it('is our topic once the stack is deployed', async () => {
    const { request, destinations } = await aDeployment([]);

    expect(await request('Create')).toEqual({
      Status: 'SUCCESS',
      Reason: 'done',
      PhysicalResourceId: wabaId,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Destination',
    });
    expect(destinations()).toEqual([OURS]);
  });

  it('is left alone where it is our topic already', async () => {
    const { request, writes } = await aDeployment([OURS]);

    expect(await request('Update')).toMatchObject({ Status: 'SUCCESS' });
    expect(writes()).toBe(0);
  });

  it('is not replaced where it is another one: the deployment fails, and says what to do', async () => {
    const { request, destinations, writes } = await aDeployment([OTHER]);

    const { Status, Reason } = await request('Create');

    expect(Status).toBe('FAILED');
    for (const part of [wabaId, OTHER, 'eventTopicArn', 'replaceEventDestination']) expect(Reason).toContain(part);
    expect(destinations()).toEqual([OTHER]);
    expect(writes()).toBe(0);
  });

  it('is replaced where the configuration says so', async () => {
    const { request, destinations } = await aDeployment([OTHER], { account: { replaceEventDestination: true } });

    expect(await request('Create')).toMatchObject({ Status: 'SUCCESS' });
    expect(destinations()).toEqual([OURS]);
  });

  it.each([
    ['ours', [OURS], []],
    ['another one', [OTHER], [OTHER]],
  ])('is taken away with the stack where it is %s', async (_, before, after) => {
    const { request, destinations } = await aDeployment(before);

    expect(await request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(destinations()).toEqual(after);
  });

  it('that AWS does not let us set fails the deployment, and holds up no deletion', async () => {
    const failure = { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: {} };
    const [deployed, deleted] = [await aDeployment([], { failure }), await aDeployment([], { failure })];

    expect(await deployed.request('Create')).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('AccessDeniedException'),
    });
    expect(await deleted.request('Delete')).toMatchObject({ Status: 'SUCCESS' });
    expect(deployed.log.lines).toEqual([
      { code: 'event-destination.failed', fields: { account: 'shop-aws', request: 'Create' } },
    ]);
  });

  it('is read and set by the requests of the client that AWS publishes', async () => {
    const { request, calls } = await aDeployment([]);
    await request('Create');
    const aws = await aProviderServer(() => ({ body: {} }));
    onTestFinished(aws.close);
    const client = new SocialMessagingClient({
      endpoint: aws.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAFIXTURE', secretAccessKey: 'secret' },
    });

    await client.send(new GetLinkedWhatsAppBusinessAccountCommand({ id: wabaId }));
    const eventDestinations = [{ eventDestinationArn: OURS }];
    await client.send(new PutWhatsAppBusinessAccountEventDestinationsCommand({ id: wabaId, eventDestinations }));

    const shown = (made: readonly ProviderCall[]) => made.map(({ method, path, body }) => ({ method, path, body }));
    expect(shown(calls())).toEqual(shown(aws.calls));
  });
});
