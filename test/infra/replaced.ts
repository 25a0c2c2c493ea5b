import type { Assembly } from '../rehearsal/assembly/assembly.ts';
import { serviceSpec } from '../support/service-spec.ts';

/** Types that hold something which a new resource would not have, and what else changes it for good. */
const LOCKED: Readonly<Record<string, readonly string[]>> = {
  // Systems have the URL of the API, and the providers those of the webhooks.
  'AWS::ApiGatewayV2::Api': [],
  'AWS::ApiGatewayV2::Stage': [],
  // Cognito refuses to change how people are named.
  'AWS::Cognito::UserPool': ['AliasAttributes', 'Schema', 'UsernameAttributes', 'UsernameConfiguration'],
  'AWS::Cognito::UserPoolClient': [],
  'AWS::Cognito::UserPoolDomain': [],
  'AWS::Cognito::UserPoolResourceServer': [],
  // Another index is built anew while functions query it; another stream loses the records of the old one; another
  // attribute expires other items.
  'AWS::DynamoDB::GlobalTable': ['GlobalSecondaryIndexes', 'StreamSpecification', 'TimeToLiveSpecification'],
  // Rules of other systems are on the bus.
  'AWS::Events::EventBus': [],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion'],
  // A new mapping forgets how far the stream was read.
  'AWS::Lambda::EventSourceMapping': [],
  'AWS::Logs::LogGroup': [],
  'AWS::S3::Bucket': [],
  // A new placeholder overwrites what an operator has stored.
  'AWS::SecretsManager::Secret': ['GenerateSecretString'],
  'AWS::SNS::Topic': [],
  'AWS::SQS::Queue': [],
};

/** The types of resources that hold something. */
export const LOCKED_TYPES: readonly string[] = Object.keys(LOCKED);

/** The properties of each locked type whose change replaces the resource, by AWS's own specification, and ours. */
const replacingProperties = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const specification = await serviceSpec();
  return new Map(
    Object.entries(LOCKED).map(([type, more]) => {
      const { properties } = specification.lookup('resource', 'cloudFormationType', 'equals', type).only();
      const replacing = Object.entries(properties)
        .filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no')
        .map(([name]) => name);
      return [type, [...replacing, ...more]];
    }),
  );
};

/** What an update must not change: each locked resource by its logical id, with the properties that replace or empty it. */
export const lockedParts = async (assembly: Assembly): Promise<Readonly<Record<string, object>>> => {
  const replacing = await replacingProperties();
  const entries = [...replacing].flatMap(([type, names]) =>
    assembly.ofType(type).map(({ id, properties }) => {
      const kept = names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]);
      return [id, { type, ...Object.fromEntries(kept) }] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([one], [other]) => one.localeCompare(other)));
};

/** The types of stateful resources, by AWS's own specification, that the assembly has and that are not locked. */
export const unlockedTypes = async (assembly: Assembly): Promise<readonly string[]> => {
  const specification = await serviceSpec();
  return specification
    .all('resource')
    .filter(({ isStateful }) => isStateful === true)
    .map(({ cloudFormationType }) => cloudFormationType)
    .filter((type) => LOCKED[type] === undefined && assembly.ofType(type).length > 0);
};
