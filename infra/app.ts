import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import * as z from 'zod';
import { readStage, stackNameOf } from './config.ts';
import { ServiceStack } from './service-stack.ts';

const app = new App();
const stage = z.string().parse(app.node.getContext('stage'));
new ServiceStack(app, stackNameOf(stage), { stageName: stage, stage: readStage(stage) });
Tags.of(app).add('service', 'carewindow');
Tags.of(app).add('stage', stage);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
