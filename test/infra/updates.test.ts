import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ServiceStack } from '../../infra/service-stack.ts';
import { deploy, readSynthesized, type Synthesized } from '../rehearsal/assembly/assembly.ts';
import { lockedParts, unlockedTypes } from './replaced.ts';
import { STATEFUL_LOCK } from './stateful-lock.ts';
import { aStageWithEverything, CONTEXT, QUICK } from './synthesize.ts';

const AWS_URL = 'https://sqs.eu-central-1.amazonaws.com';

const Json = z.record(z.string(), z.unknown());

describe('an update', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-updates-'));
  let synthesized: Synthesized;
  beforeAll(() => {
    const context = { ...CONTEXT, 'aws:cdk:enable-asset-metadata': true };
    const app = new App({ ...QUICK, context, outdir: folder });
    const { stackName } = new ServiceStack(app, 'CareWindow-everything', {
      stageName: 'everything',
      stage: aStageWithEverything(),
    });
    app.synth();
    synthesized = readSynthesized(folder);
    expect(synthesized.stackName).toBe(stackName);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What is locked in the template, once a resource of the stack itself has other properties. */
  const lockedWith = (id: string, properties: object) => {
    const { Resources, ...others } = synthesized.template;
    const resource = Resources[id];
    if (resource === undefined) throw new Error(`no resource ${id}`);
    const changed = { ...resource, Properties: { ...Json.parse(resource.Properties), ...properties } };
    const template = { ...others, Resources: { ...Resources, [id]: changed } };
    return lockedParts(deploy({ ...synthesized, template }, AWS_URL));
  };

  it('replaces and empties nothing that holds something', async () => {
    expect(await lockedParts(deploy(synthesized, AWS_URL))).toEqual(STATEFUL_LOCK);
  });

  it('is locked for every type that holds something, by AWS’s own specification', async () => {
    expect(await unlockedTypes(deploy(synthesized, AWS_URL))).toEqual([]);
  });

  it.each([
    ['another key', 'SessionsTableA5E8383B', { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }],
    ['a name of the table', 'SessionsTableA5E8383B', { TableName: 'sessions' }],
    ['another attribute of the TTL', 'SessionsTableA5E8383B', { TimeToLiveSpecification: { AttributeName: 'at' } }],
    ['another stream', 'SessionsTableA5E8383B', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }],
    ['another index', 'SessionsTableA5E8383B', { GlobalSecondaryIndexes: [] }],
    ['a name of the bucket', 'FilesBucket7C17EE2E', { BucketName: 'files' }],
    ['another name of a secret', 'SecretsshopmetaapiF9369583', { Name: 'secret' }],
    ['another placeholder of a secret', 'SecretsshopmetaapiF9369583', { GenerateSecretString: { PasswordLength: 20 } }],
    ['a FIFO queue', 'DeliveriesQueue99C7B338', { FifoQueue: true }],
    ['another name of the bus', 'EventsBus45DE4339', { Name: 'events' }],
    ['another start of the stream mapping', 'EventsStreamA348795C', { StartingPosition: 'LATEST' }],
    ['another protocol of the API', 'ApiCD79AAA0', { ProtocolType: 'WEBSOCKET' }],
  ])('is noticed with %s', async (_, id, properties) => {
    expect(await lockedWith(id, properties)).not.toEqual(STATEFUL_LOCK);
  });

  it.each([
    ['files are kept', 'FilesBucket7C17EE2E', { LifecycleConfiguration: { Rules: [] } }],
    ['messages are hidden', 'DeliveriesQueue99C7B338', { VisibilityTimeout: 30 }],
    ['a secret is described', 'SecretsshopmetaapiF9369583', { Description: 'new' }],
  ])('may change how %s', async (_, id, properties) => {
    expect(await lockedWith(id, properties)).toEqual(STATEFUL_LOCK);
  });

  it('is noticed with another logical id of a resource', async () => {
    const lockedOf = (...ids: readonly string[]) =>
      lockedParts(
        deploy(
          {
            ...synthesized,
            template: { Resources: Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::S3::Bucket' }])) },
          },
          AWS_URL,
        ),
      );

    expect(await lockedOf('Files')).toEqual({ Files: { type: 'AWS::S3::Bucket' } });
    expect(await lockedOf('Uploads')).not.toEqual(await lockedOf('Files'));
    expect(await lockedOf('Files', 'Uploads')).not.toEqual(await lockedOf('Files'));
  });
});
