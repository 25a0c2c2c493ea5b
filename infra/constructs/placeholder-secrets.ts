import { ArnFormat, Aws, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SecretPart } from '../../functions/shared/domain/secrets.ts';

/** What a secret is for; decides which function may read it. */
type StoredPart = SecretPart | 'deliveries';

export interface PlaceholderSecret {
  /** Id of an account; of deliveries, of a channel. */
  readonly owner: string;
  readonly part: StoredPart;
  /** What it is, and an example of the JSON to store in it. */
  readonly description: string;
}

interface PlaceholderSecretsProps {
  readonly secrets: readonly PlaceholderSecret[];
  /** Why Secrets Manager does not rotate the secrets. */
  readonly noRotation: string;
}

/** The first eight digits of the stack's id: a stack that is created anew does not meet the secrets that the old one left. */
const stackDigits = (): string => Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));

/** What the names of all secrets of a stack begin with; the name of the stack holds the stage. */
export const secretPrefixOf = (stack: Stack): string => `${stack.stackName}/${stackDigits()}`;

/**
 * Secrets named `<prefix>/<owner>/<part>`, created with a random placeholder that the operator replaces after the
 * deploy; they outlive the stack.
 */
export class PlaceholderSecrets extends Construct {
  readonly prefix = secretPrefixOf(Stack.of(this));

  constructor(scope: Construct, id: string, { secrets, noRotation }: PlaceholderSecretsProps) {
    super(scope, id);
    for (const secret of secrets) this.addSecret(secret);
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SMG4', reason: noRotation });
  }

  /** Allows reading the secrets of that part, of every owner, and no others. */
  grantRead(reader: LambdaFunction, part: StoredPart): void {
    Grant.addToPrincipal({
      grantee: reader,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [
        Stack.of(this).formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          // Secrets Manager adds a hyphen and six characters to each name.
          resourceName: `${this.prefix}/*/${part}-??????`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    });
  }

  private addSecret({ owner, part, description }: PlaceholderSecret): void {
    const scope = this.node.tryFindChild(owner) ?? new Construct(this, owner);
    new Secret(scope, part, {
      secretName: `${this.prefix}/${owner}/${part}`,
      description,
      // Letters and digits, so that a placeholder is never valid JSON. A change here overwrites what the operator stored.
      generateSecretString: { excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
