import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { AwsSocialAccount } from '../../functions/shared/domain/aws-social-account.ts';
import { type Config, isAwsSocialAccount } from '../../functions/shared/domain/config.ts';

/** `waba-0123` is `waba/0123` in an ARN, `phone-number-id-0123` is `phone-number-id/0123`. */
const toArn = (grantee: LambdaFunction, id: string, region: string | undefined): string => {
  const end = id.lastIndexOf('-');
  return Stack.of(grantee).formatArn({
    service: 'social-messaging',
    ...(region === undefined ? {} : { region }),
    resource: id.slice(0, end),
    resourceName: id.slice(end + 1),
  });
};

const grant = (grantee: LambdaFunction, actions: readonly string[], resourceArns: string[]): void => {
  if (resourceArns.length === 0) return;
  Grant.addToPrincipal({ grantee, actions: actions.map((action) => `social-messaging:${action}`), resourceArns });
};

/** The ARNs of the numbers at AWS. */
const numbersOf = (grantee: LambdaFunction, { accounts, channels }: Config): string[] =>
  accounts
    .filter(isAwsSocialAccount)
    .flatMap(({ id, region }) =>
      channels
        .filter(({ account }) => account === id)
        .map(({ phoneNumberId = '' }) => toArn(grantee, phoneNumberId, region)),
    );

/** Allows sending from the numbers at AWS, and no others. */
export const grantSend = (grantee: LambdaFunction, config: Config): void =>
  grant(grantee, ['SendWhatsAppMessage'], numbersOf(grantee, config));

/** Allows reading the files of customers of the numbers at AWS, and uploading files to them, and to no others. */
export const grantMedia = (grantee: LambdaFunction, config: Config): void =>
  grant(grantee, ['GetWhatsAppMessageMedia', 'PostWhatsAppMessageMedia'], numbersOf(grantee, config));

/** Allows reading the templates of the business accounts at AWS, and of no others. */
export const grantTemplates = (grantee: LambdaFunction, { accounts }: Config): void =>
  grant(
    grantee,
    ['GetWhatsAppMessageTemplate', 'ListWhatsAppMessageTemplates'],
    accounts.filter(isAwsSocialAccount).map(({ wabaId, region }) => toArn(grantee, wabaId, region)),
  );

/** Allows setting the event destination of these business accounts, and of no others. */
export const grantEventDestinations = (grantee: LambdaFunction, accounts: readonly AwsSocialAccount[]): void =>
  grant(
    grantee,
    ['GetLinkedWhatsAppBusinessAccount', 'PutWhatsAppBusinessAccountEventDestinations'],
    accounts.map(({ wabaId, region }) => toArn(grantee, wabaId, region)),
  );
