import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createOutputsReader } from '../../../infra/operate/deployment.ts';

const FOUND = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>
<member><StackName>CareWindow-live</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-20T12:00:00Z</CreationTime>
<Outputs><member><OutputKey>TableName</OutputKey><OutputValue>table</OutputValue></member></Outputs></member>
</Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const fault = (code: string, message: string) =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** A CloudFormation that answers every call with this XML. */
const aReader = async (status: number, xml: string) => {
  const server = createServer((_, response) => response.writeHead(status, { 'content-type': 'text/xml' }).end(xml));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return createOutputsReader(
    new CloudFormationClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 }),
  );
};

it('reads the outputs of a stack from CloudFormation', async () => {
  expect(await (await aReader(200, FOUND))('CareWindow-live')).toEqual({ TableName: 'table' });
});

it('knows a stack that does not exist from a call that is refused', async () => {
  const unknown = await aReader(400, fault('ValidationError', 'Stack with id CareWindow-live does not exist'));
  const refused = await aReader(403, fault('AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks'));

  expect(await unknown('CareWindow-live')).toBeUndefined();
  await expect(refused('CareWindow-live')).rejects.toThrow('not authorized');
});

it('says what to set where the machine has no AWS region or no credentials', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const names = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  for (const name of names) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const inNoRegion = createOutputsReader(new CloudFormationClient({}));
  const asNoOne = createOutputsReader(new CloudFormationClient({ region: 'eu-central-1' }));

  await expect(inNoRegion('CareWindow-live')).rejects.toThrow('set AWS_REGION');
  await expect(asNoOne('CareWindow-live')).rejects.toThrow('set AWS_PROFILE');
});
