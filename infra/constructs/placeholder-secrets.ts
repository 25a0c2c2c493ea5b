import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

interface PlaceholderSecretsProps {
  /** For each secret, by the id of its owner: what it is, and an example of the JSON to store in it. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** Why Secrets Manager does not rotate the secrets. */
  readonly noRotation: string;
}

/** Secrets created with a random placeholder that the operator replaces after the deploy; they outlive the stack. */
export class PlaceholderSecrets extends Construct {
  /** Id of the owner → ARN of its secret. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { descriptions, noRotation }: PlaceholderSecretsProps) {
    super(scope, id);
    this.arns = Object.fromEntries(
      Object.entries(descriptions).map(([owner, description]) => [owner, this.addSecret(owner, description).secretArn]),
    );
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SMG4', reason: noRotation });
  }

  /** The ARNs as JSON text for an environment variable. */
  get arnsJson(): string {
    return Stack.of(this).toJsonString(this.arns);
  }

  /** Allows reading exactly these secrets. */
  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: Object.values(this.arns),
    });
  }

  private addSecret(owner: string, description: string): Secret {
    return new Secret(this, owner, {
      description,
      // Letters and digits, so that a placeholder is never valid JSON. A change here overwrites what the operator stored.
      generateSecretString: { excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
