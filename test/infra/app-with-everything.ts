import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ServiceStack } from '../../infra/service-stack.ts';
import { aStageWithEverything } from './synthesize.ts';

const app = new App();
const stack = new ServiceStack(app, 'CareWindow-everything', {
  stageName: 'everything',
  stage: aStageWithEverything(),
});
Validations.of(stack).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
