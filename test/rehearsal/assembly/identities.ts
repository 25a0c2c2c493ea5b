import { createHash } from 'node:crypto';
import { PLACE } from './intrinsics.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An ARN of this account; without its region for a global service. */
export const arnOf = (service: string, resource: string, region: string = PLACE.region): string =>
  `arn:${PLACE.partition}:${service}:${region}:${PLACE.account}:${resource}`;

const named = (name: string, attributes: Readonly<Record<string, string>> = {}): Identity => ({
  ref: name,
  attributes,
});

const withArn = (name: string, arn: string): Identity => named(name, { Arn: arn });

/** The SDK calls SQS at the URL of the queue. */
const queue = (name: string, awsUrl: string): Identity => ({
  ref: `${awsUrl}/${PLACE.account}/${name}`,
  attributes: { Arn: arnOf('sqs', name), QueueName: name },
});

const table = (name: string): Identity => {
  const arn = arnOf('dynamodb', `table/${name}`);
  return named(name, { Arn: arn, StreamArn: `${arn}/stream/2026-11-20T12:00:00.000` });
};

const pool = (name: string): Identity => {
  const id = `${PLACE.region}_${name.slice(-8)}`;
  return named(id, { ProviderURL: `https://cognito-idp.${PLACE.region}.amazonaws.com/${id}` });
};

const short = (name: string): string => name.slice(-8).toLowerCase();

const api = (name: string): Identity =>
  named(short(name), { ApiEndpoint: `https://${short(name)}.execute-api.${PLACE.region}.amazonaws.com` });

const bucket = (name: string): Identity =>
  named(name, {
    Arn: `arn:${PLACE.partition}:s3:::${name}`,
    RegionalDomainName: `${name}.s3.${PLACE.region}.amazonaws.com`,
  });

/** The identity of a resource with a given physical name, for every type to which the template refers. */
const IDENTITIES: Readonly<Record<string, (name: string, awsUrl: string) => Identity>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Authorizer': (name) => named(short(name)),
  'AWS::ApiGatewayV2::Integration': (name) => named(short(name)),
  'AWS::CloudWatch::Alarm': (name) => withArn(name, arnOf('cloudwatch', `alarm:${name}`)),
  'AWS::CloudWatch::Dashboard': (name) => named(name),
  'AWS::Cognito::UserPool': pool,
  'AWS::Cognito::UserPoolClient': (name) => named(short(name)),
  'AWS::Cognito::UserPoolDomain': (name) => named(name),
  'AWS::Cognito::UserPoolResourceServer': (name) => named(name),
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Events::EventBus': (name) => withArn(name, arnOf('events', `event-bus/${name}`)),
  'AWS::Events::Rule': (name) => withArn(name, arnOf('events', `rule/${name}`)),
  'AWS::IAM::Role': (name) => withArn(name, arnOf('iam', `role/${name}`, '')),
  'AWS::KMS::Key': (name) => withArn(name, arnOf('kms', `key/${name}`)),
  'AWS::Lambda::Function': (name) => withArn(name, arnOf('lambda', `function:${name}`)),
  'AWS::Logs::LogGroup': (name) => withArn(name, arnOf('logs', `log-group:${name}:*`)),
  'AWS::S3::Bucket': (name) => bucket(name.toLowerCase()),
  'AWS::SNS::Topic': (name) => named(arnOf('sns', name), { TopicName: name }),
  'AWS::SQS::Queue': queue,
};

export interface Stack {
  readonly stackName: string;
  /** Where the APIs of AWS are. */
  readonly awsUrl: string;
}

const MAX_NAME = 63;

/** The names that CloudFormation would give: those of the stack and the resource, and characters of its own. */
export const identityOf = ({ stackName, awsUrl }: Stack, logicalId: string, type: string): Identity => {
  const create = IDENTITIES[type];
  if (create === undefined) throw new Error(`the rehearsal does not know how AWS names ${type} (${logicalId})`);
  const own = createHash('sha256').update(logicalId).digest('hex').slice(0, 12).toUpperCase();
  return create(
    `${`${stackName}-${logicalId.replaceAll('/', '-')}`.slice(0, MAX_NAME - own.length - 1)}-${own}`,
    awsUrl,
  );
};
