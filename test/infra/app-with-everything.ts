import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ServiceStack } from '../../infra/service-stack.ts';
import { aStageAtAws } from './synthesize.ts';

const OAUTH = {
  provider: 'cognito' as const,
  domainPrefix: 'acme-care',
  clients: [{ id: 'crm', scopes: ['read' as const] }],
  signIn: { callbackUrls: ['https://console.acme.com/'], logoutUrls: ['https://console.acme.com/'] },
};

const app = new App();
const stack = new ServiceStack(app, 'CareWindow-everything', {
  stageName: 'everything',
  stage: aStageAtAws({}, { oauth: OAUTH }),
});
Validations.of(stack).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
