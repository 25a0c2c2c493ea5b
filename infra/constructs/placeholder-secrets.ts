import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

interface PlaceholderSecretsProps {
  /** Of each secret, by the id of its owner, what it is and an example of the JSON that it takes. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** Why Secrets Manager does not rotate them by itself. */
  readonly noRotation: string;
}

/** Secrets that the operator fills after the deploy, one per owner, which outlive the stack. */
export class PlaceholderSecrets extends Construct {
  /** Id of the owner → ARN of its secret. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { descriptions, noRotation: rotation }: PlaceholderSecretsProps) {
    super(scope, id);
    this.arns = Object.fromEntries(
      Object.entries(descriptions).map(([owner, description]) => [owner, this.addSecret(owner, description).secretArn]),
    );
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SMG4', reason: rotation });
  }

  /** Allows reading these secrets, and nothing else. */
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
      // Letters and digits, hence never the JSON that is asked for. A change here would overwrite what the operator filled in.
      generateSecretString: { excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
