import { describe, expect, it } from 'vitest';
import { createCloudFormation } from '../../rehearsal/deployment/cloudformation.ts';
import { createStacks } from '../../rehearsal/deployment/stacks.ts';

const CODE = 'the-code.zip';

const resources = {
  Role: { Type: 'AWS::IAM::Role' },
  Table: { Type: 'AWS::DynamoDB::GlobalTable', DeletionPolicy: 'Retain' },
};

/** CloudFormation with one template, whose code is in the bucket or is not. */
const aCloudFormation = ({ hasCode = true } = {}) => {
  const stacks = createStacks(() => hasCode);
  const uploaded = { text: '{}', resources, nested: {}, code: [CODE], outputs: () => ({ ApiUrl: 'https://a?b&c' }) };
  const service = createCloudFormation({ stacks, readTemplate: () => uploaded });
  const call = async (Action: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> => {
    const form = new URLSearchParams({ Action, StackName: 'Stage', ChangeSetName: 'deploy', ...parameters });
    const body = Buffer.from(form.toString());
    const aCall = { service: 'cloudformation', method: 'POST', path: '/', query: '', headers: {}, body, roleArn: '' };
    return String((await service.perform(aCall)).body);
  };
  const capable = { 'Capabilities.member.1': 'CAPABILITY_IAM' };
  const create = (type: string, more: object = capable) => call('CreateChangeSet', { ChangeSetType: type, ...more });
  const deploy = async (type: string): Promise<void> => {
    await create(type);
    await call('ExecuteChangeSet');
  };
  return { stacks, call, create, deploy };
};

describe('CloudFormation in a rehearsal', () => {
  it('deploys a stack with its outputs, and deletes it but for what is retained', async () => {
    const { stacks, call, deploy } = aCloudFormation();
    expect(await call('DescribeStacks')).toContain('<Code>ValidationError</Code>');
    await deploy('CREATE');
    expect(await call('DescribeStacks')).toMatch(
      /<StackStatus>CREATE_COMPLETE<.*<OutputValue>https:\/\/a\?b&amp;c<\/OutputValue>/,
    );
    await call('DeleteStack');

    expect(stacks.find('Stage')).toBeUndefined();
    expect(stacks.retained()).toEqual([{ stack: 'Stage', type: 'AWS::DynamoDB::GlobalTable' }]);
  });

  it('refuses roles without the capability, and an update of a stack that does not exist', async () => {
    const { create } = aCloudFormation();

    expect(await create('CREATE', {})).toContain('<Code>InsufficientCapabilitiesException</Code>');
    expect(await create('UPDATE')).toContain('Stack Stage does not exist');
  });

  it('says that a change set changes nothing', async () => {
    const { call, create, deploy } = aCloudFormation();
    await deploy('CREATE');
    await create('UPDATE');

    expect(await call('DescribeChangeSet')).toMatch(/<Status>FAILED<.*didn't contain changes/);
  });

  it('rolls back a stack whose code is not in the bucket', async () => {
    const { call, deploy } = aCloudFormation({ hasCode: false });
    await deploy('CREATE');

    expect(await call('DescribeStackEvents')).toContain(`The code ${CODE} is not in the bucket`);
    expect(await call('DescribeStacks')).toContain('<StackStatus>ROLLBACK_COMPLETE</StackStatus>');
  });
});
