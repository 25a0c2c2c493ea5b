import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import * as z from 'zod';
import { type Account, MetaSecrets, SinchSecrets } from '../../functions/shared/domain/config.ts';

const SHAPES: Readonly<Record<Account['provider'], z.ZodObject>> = { meta: MetaSecrets, sinch: SinchSecrets };

const example = (shape: z.ZodObject): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(shape.shape).map(([name, field]) => [name, field instanceof z.ZodArray ? ['...'] : '...']),
    ),
  );

/** One secret per account, filled by the operator after the deploy, which outlives the stack. */
export class ProviderSecrets extends Construct {
  /** Account id → ARN of its secret. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: { readonly accounts: readonly Account[] }) {
    super(scope, id);
    this.arns = Object.fromEntries(props.accounts.map((account) => [account.id, this.secretOf(account).secretArn]));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Meta and Sinch issue these secrets: they are rotated there, and several live ones are accepted meanwhile.',
    });
  }

  /** Allows reading the accounts' secrets, and nothing else. */
  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: Object.values(this.arns),
    });
  }

  private secretOf({ id, provider }: Account): Secret {
    return new Secret(this, id, {
      description: `CareWindow, ${provider} account ${id}: ${example(SHAPES[provider])}`,
      // Letters and digits, hence never the JSON that is asked for. A change here would overwrite what the operator filled in.
      generateSecretString: { excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
