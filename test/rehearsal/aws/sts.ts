import { PLACE } from '../assembly/intrinsics.ts';
import type { AwsCall, AwsReply, AwsService } from './aws-call.ts';
import { unknownOperation } from './aws-call.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';

const HOUR_MS = 3_600_000;

const xml = (status: number, body: string): AwsReply => ({ status, headers: { 'content-type': 'text/xml' }, body });

const denied = (): AwsReply =>
  xml(403, '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>');

const formOf = ({ body }: AwsCall): URLSearchParams => new URLSearchParams(body.toString('utf8'));

const roleIn = (call: AwsCall): string => {
  const action = formOf(call).get('Action') ?? '';
  if (action !== 'AssumeRole') throw unknownOperation(call, action);
  return formOf(call).get('RoleArn') ?? '';
};

const asksWhoCalls = (call: AwsCall): boolean => formOf(call).get('Action') === 'GetCallerIdentity';

const callerIdentity = ({ roleArn }: AwsCall): AwsReply =>
  xml(
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
      <Arn>${roleArn}</Arn><UserId>AIDAREHEARSAL</UserId><Account>${PLACE.account}</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );

/** STS: tells a caller who it is, and gives out credentials of a role that the caller may assume and that trusts it. */
export const createSts = (credentials: Credentials, ledger: Pick<Ledger, 'trusts'>): AwsService => ({
  // Every caller may ask who it is.
  accesses: (call) => (asksWhoCalls(call) ? [] : [{ action: 'sts:AssumeRole', resource: roleIn(call) }]),
  deny: denied,
  perform: async (call) => {
    if (asksWhoCalls(call)) return callerIdentity(call);
    const roleArn = roleIn(call);
    if (!ledger.trusts(roleArn, { AWS: call.roleArn })) return denied();
    return xml(
      200,
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>${credentials.accessKeyOf(roleArn)}</AccessKeyId>
        <SecretAccessKey>${credentials.secretAccessKey}</SecretAccessKey>
        <SessionToken>the-session-of-a-role</SessionToken>
        <Expiration>${new Date(Date.now() + HOUR_MS).toISOString()}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  },
});
