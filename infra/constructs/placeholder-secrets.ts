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

/**
 * Secrets named `<prefix>/<owner>/<part>`, created with a random placeholder that the operator replaces after the
 * deploy; they outlive the stack.
 */
export class PlaceholderSecrets extends Construct {
  private readonly stackDigits = stackDigits();
  /** What the names of all secrets of the stack begin with; the name of the stack holds the stage. */
  readonly prefix = `${Stack.of(this).stackName}/${this.stackDigits}`;

  constructor(scope: Construct, id: string, { secrets, noRotation }: PlaceholderSecretsProps) {
    super(scope, id);
    for (const secret of secrets) this.addSecret(secret);
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SMG4', reason: noRotation });
  }

  /** Allows reading the secrets of that part, of every owner, and no others. */
  grantRead(reader: LambdaFunction, part: StoredPart): void {
    const stack = Stack.of(this);
    // Secrets Manager adds a hyphen and six characters to each name.
    const resourceName = `${this.prefix}/*/${part}-??????`;
    Grant.addToPrincipal({
      grantee: reader,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [
        stack.formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    });
    const pattern = resourceName.replace(this.stackDigits, JSON.stringify(stack.resolve(this.stackDigits)));
    Validations.of(reader.role ?? reader).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${pattern}]`,
      reason:
        'The prefix holds the id of the stack and the part what the function needs: one statement for any number of owners.',
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
