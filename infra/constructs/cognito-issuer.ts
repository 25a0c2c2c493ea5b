import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
  UserPoolGroup,
  UserPoolOperation,
  type UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SCOPE_NAMES, SCOPE_PREFIX } from '../../functions/shared/http/routes.ts';
import type { SignIn } from '../console-config.ts';
import type { Cognito } from '../oauth-config.ts';

/** What each scope allows, as Cognito's console shows it. */
const SCOPES = {
  read: new ResourceServerScope({ scopeName: 'read', scopeDescription: 'Read windows, threads, consent and usage' }),
  send: new ResourceServerScope({ scopeName: 'send', scopeDescription: 'Send messages and record consent' }),
  admin: new ResourceServerScope({ scopeName: 'admin', scopeDescription: 'Erase, import and settle sends in doubt' }),
};

/** What their members may do is said in functions/shared/http/access-token.ts. */
const GROUPS = { reader: 'May read', agent: 'May read and send', operator: 'May do everything' };

type SignInUrls = NonNullable<Cognito['signIn']>;

interface CognitoIssuerProps extends Cognito {
  /** Where the console is opened; empty where the stage has none. */
  readonly consoleUrls: readonly string[];
}

/** A Cognito user pool that issues the access tokens: to systems by id and secret, to people by hosted sign-in. */
export class CognitoIssuer extends Construct {
  readonly pool: UserPool;
  readonly domain: UserPoolDomain;
  /** By the id in the configuration. */
  readonly clients: ReadonlyMap<string, UserPoolClient>;
  /** The public client of people's own applications. */
  readonly signIn: UserPoolClient | undefined;
  private readonly console: UserPoolClient | undefined;

  constructor(scope: Construct, id: string, props: CognitoIssuerProps) {
    const { domainPrefix, clients, signIn, claimsFunctionArn, consoleUrls } = props;
    super(scope, id);
    this.pool = this.addPool();
    if (claimsFunctionArn !== undefined) this.addClaims(claimsFunctionArn);
    this.domain = this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    const server = this.pool.addResourceServer('Scopes', { identifier: SCOPE_PREFIX, scopes: Object.values(SCOPES) });
    for (const [groupName, description] of Object.entries(GROUPS))
      new UserPoolGroup(this, `Group-${groupName}`, { userPool: this.pool, groupName, description });
    this.clients = new Map(clients.map((client) => [client.id, this.addClient(server, client)]));
    this.signIn = signIn === undefined ? undefined : this.addSignIn('SignIn', server, signIn);
    const urls = { callbackUrls: [...consoleUrls], logoutUrls: [...consoleUrls] };
    this.console = consoleUrls.length === 0 ? undefined : this.addSignIn('Console', server, urls);
  }

  /** The audiences of the tokens, which carry `client_id` and no `aud`. */
  get audiences(): readonly string[] {
    return [...this.clients.values(), this.signIn, this.console].flatMap((client) => client?.userPoolClientId ?? []);
  }

  /** How people sign in to the console. */
  get consoleSignIn(): SignIn | undefined {
    if (this.console === undefined) return undefined;
    const url = this.domain.baseUrl();
    return {
      authorizeUrl: `${url}/oauth2/authorize`,
      tokenUrl: `${url}/oauth2/token`,
      logoutUrl: `${url}/logout`,
      clientId: this.console.userPoolClientId,
      scope: SCOPE_NAMES.join(' '),
    };
  }

  private addPool(): UserPool {
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'Threat protection needs the Plus plan, which costs more for each user: people are invited one by one, and sign in with a second factor.',
    });
    return pool;
  }

  /** Version 3 of the event is that of systems' tokens too. */
  private addClaims(functionArn: string): void {
    const claims = lambda.Function.fromFunctionAttributes(this, 'Claims', { functionArn, sameEnvironment: true });
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, claims, LambdaVersion.V3_0);
  }

  private addClient(server: UserPoolResourceServer, { id, scopes }: Cognito['clients'][number]): UserPoolClient {
    return this.pool.addClient(`Client-${id}`, {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((name) => OAuthScope.resourceServer(server, SCOPES[name])),
      },
      accessTokenValidity: Duration.hours(1),
    });
  }

  /** A public client: the browser keeps no secret, and proves itself by PKCE. */
  private addSignIn(id: string, server: UserPoolResourceServer, urls: SignInUrls): UserPoolClient {
    return this.pool.addClient(id, {
      generateSecret: false,
      authFlows: {},
      preventUserExistenceErrors: true,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, ...Object.values(SCOPES).map((name) => OAuthScope.resourceServer(server, name))],
        ...urls,
      },
      accessTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
    });
  }
}
