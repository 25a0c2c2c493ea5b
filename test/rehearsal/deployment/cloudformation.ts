import { PLACE } from '../assembly/intrinsics.ts';
import type { AwsCall, AwsReply, AwsService } from '../aws/aws-call.ts';
import { type Query, QueryError, queryOf, queryRefusal, queryReply, type Xml } from './query.ts';
import type { ChangeSet, DeployedStack, StackEvent, Stacks } from './stacks.ts';
import type { Uploaded } from './uploaded.ts';

interface CloudFormationOptions {
  readonly stacks: Stacks;
  /** Reads a template that a call names or contains. */
  readonly readTemplate: (stackName: string, query: Query) => Uploaded;
}

const describeStack = ({ id, name, status, deployed, createdAt }: DeployedStack): Xml => ({
  StackId: id,
  StackName: name,
  StackStatus: status,
  CreationTime: createdAt.toISOString(),
  EnableTerminationProtection: false,
  Outputs: Object.entries(deployed?.outputs() ?? {}).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const describeChangeSet = (stack: DeployedStack, { id, name, changes }: ChangeSet): Xml => ({
  ChangeSetId: id,
  ChangeSetName: name,
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date().toISOString(),
  ...(changes.length === 0
    ? { Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE', StatusReason: NO_CHANGES }
    : { Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' }),
  Changes: changes.map(({ action, logicalId, type, replacement }) => ({
    Type: 'Resource',
    ResourceChange: { Action: action, LogicalResourceId: logicalId, ResourceType: type, Replacement: replacement },
  })),
});

const describeEvent = ({ id, name }: DeployedStack, event: StackEvent): Xml => ({
  EventId: event.id,
  StackId: id,
  StackName: name,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.logicalId === name ? id : event.logicalId,
  ResourceType: event.type,
  ResourceStatus: event.status,
  ResourceStatusReason: event.reason,
  ClientRequestToken: event.token,
  Timestamp: event.at.toISOString(),
});

/** A template with roles, and one with roles that have names, need the caller's word for it. */
const checkCapabilities = ({ resources }: Uploaded, query: Query): void => {
  const given = query.list('Capabilities').flatMap((one) => Object.values(one));
  const hasRoles = Object.values(resources).some(({ Type }) => Type.startsWith('AWS::IAM::'));
  if (hasRoles && !given.includes('CAPABILITY_IAM') && !given.includes('CAPABILITY_NAMED_IAM'))
    throw new QueryError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]');
};

type Action = (query: Query) => Promise<Xml> | Xml;

/** CloudFormation, as far as the CDK CLI calls it. Its work is done at once. */
export const createCloudFormation = ({ stacks, readTemplate }: CloudFormationOptions): AwsService => {
  const stackOf = (query: Query): DeployedStack => stacks.get(query.text('StackName') ?? '');
  const changeSetsOf = (query: Query): readonly ChangeSet[] =>
    [...stackOf(query).changeSets.values()].filter(({ id, name }) =>
      [id, name].includes(query.text('ChangeSetName') ?? ''),
    );
  const changeSetOf = (query: Query): ChangeSet => {
    const [changeSet] = changeSetsOf(query);
    if (changeSet === undefined)
      throw new QueryError('ChangeSetNotFoundException', `ChangeSet [${query.text('ChangeSetName')}] does not exist`);
    return changeSet;
  };
  const actions: Readonly<Record<string, Action>> = {
    DescribeStacks: (query) => ({ Stacks: [describeStack(stackOf(query))] }),
    CreateChangeSet: async (query) => {
      const [stackName = '', name = ''] = [query.text('StackName'), query.text('ChangeSetName')];
      const uploaded = readTemplate(stackName, query);
      checkCapabilities(uploaded, query);
      const isNew = stacks.find(stackName)?.deployed === undefined;
      if (isNew !== (query.text('ChangeSetType') === 'CREATE'))
        throw new QueryError('ValidationError', `Stack ${stackName} ${isNew ? 'does not exist' : 'already exists'}`);
      const { stack, changeSet } = await stacks.createChangeSet(stackName, { name, uploaded });
      return { Id: changeSet.id, StackId: stack.id };
    },
    DescribeChangeSet: (query) => describeChangeSet(stackOf(query), changeSetOf(query)),
    DeleteChangeSet: (query) => {
      for (const { id } of changeSetsOf(query)) stackOf(query).changeSets.delete(id);
      return {};
    },
    ExecuteChangeSet: (query) => {
      const [stack, changeSet] = [stackOf(query), changeSetOf(query)];
      stacks.execute(stack, changeSet, query.text('ClientRequestToken'));
      return {};
    },
    DescribeStackEvents: (query) => {
      const stack = stackOf(query);
      return { StackEvents: stack.events.map((event) => describeEvent(stack, event)) };
    },
    GetTemplate: (query) => ({ TemplateBody: stackOf(query).deployed?.text ?? '{}' }),
    ListStackResources: (query) => ({
      StackResourceSummaries: Object.entries(stackOf(query).deployed?.resources ?? {}).map(([id, { Type }]) => ({
        LogicalResourceId: id,
        PhysicalResourceId: stacks.physicalIdOf(stackOf(query), id),
        ResourceType: Type,
        ResourceStatus: 'CREATE_COMPLETE',
        LastUpdatedTimestamp: new Date().toISOString(),
      })),
    }),
    DeleteStack: (query) => {
      stacks.delete(stackOf(query), query.text('ClientRequestToken'));
      return {};
    },
  };
  return {
    accesses: (call) => {
      const { action } = queryOf(call);
      if (actions[action] === undefined)
        throw new Error(`the rehearsal does not know the action ${action} of ${call.service}`);
      return [
        {
          action: `cloudformation:${action}`,
          resource: `arn:aws:cloudformation:${PLACE.region}:${PLACE.account}:stack/*`,
        },
      ];
    },
    deny: () => queryRefusal(new QueryError('AccessDenied', 'not authorized')),
    perform: async (call: AwsCall): Promise<AwsReply> => {
      const query = queryOf(call);
      try {
        return queryReply(query.action, (await actions[query.action]?.(query)) ?? {});
      } catch (error) {
        if (error instanceof QueryError) return queryRefusal(error);
        throw error;
      }
    },
  };
};
