import type { AwsCall, AwsReply, AwsService } from './aws-call.ts';
import { unknownOperation } from './aws-call.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';

const HOUR_MS = 3_600_000;

const xml = (status: number, body: string): AwsReply => ({ status, headers: { 'content-type': 'text/xml' }, body });

const denied = (): AwsReply =>
  xml(403, '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>');

const roleIn = (call: AwsCall): string => {
  const form = new URLSearchParams(call.body.toString('utf8'));
  const action = form.get('Action') ?? '';
  if (action !== 'AssumeRole') throw unknownOperation(call, action);
  return form.get('RoleArn') ?? '';
};

/** STS: gives out credentials of a role that the caller may assume and that trusts it. */
export const createSts = (credentials: Credentials, ledger: Ledger): AwsService => ({
  accesses: (call) => [{ action: 'sts:AssumeRole', resource: roleIn(call) }],
  deny: denied,
  perform: async (call) => {
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
