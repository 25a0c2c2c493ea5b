import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type AppProps, NestedStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { Stage } from '../../infra/config.ts';
import { ServiceStack } from '../../infra/service-stack.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

/** The context of cdk.json, without bundling. */
export const CONTEXT: Readonly<Record<string, unknown>> = {
  ...z
    .object({ context: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'))).context,
  'aws:cdk:bundling-stacks': [],
};

/** A stage with one account of each provider, and endpoints for the events of one channel. */
export const aStage = (changes: Partial<z.input<typeof Stage>> = {}): Stage =>
  Stage.parse({
    whatsapp: {
      accounts: [
        { id: 'shop-meta', provider: 'meta', wabaId: '123' },
        { id: 'shop-sinch', provider: 'sinch', region: 'eu', projectId: 'p', appId: 'a' },
      ],
      channels: [
        {
          id: 'orders',
          account: 'shop-meta',
          phoneNumberId: '456',
          deliveries: [
            { url: 'https://crm.example.com/hooks?tenant=7' },
            { url: 'https://bot.example.com/', events: ['message.received', 'session.closing'] },
          ],
        },
        { id: 'returns', account: 'shop-sinch' },
      ],
    },
    alarmEmail: 'duty@example.com',
    logRetentionDays: 30,
    throttle: { webhooks: { rate: 70, burst: 140 }, api: { rate: 20, burst: 40 } },
    ...changes,
  });

const AWS_ACCOUNT = {
  id: 'shop-aws',
  provider: 'aws-social' as const,
  wabaId: 'waba-00aa',
  metaWabaId: '9',
};
const AWS_CHANNEL = {
  id: 'sales',
  account: 'shop-aws',
  phoneNumberId: 'phone-number-id-00bb',
  metaPhoneNumberId: '789',
};

/** A stage with a number at AWS too. */
export const aStageAtAws = (account: object = {}, changes: Partial<z.input<typeof Stage>> = {}): Stage => {
  const { accounts, channels } = aStage().whatsapp;
  const whatsapp = { accounts: [...accounts, { ...AWS_ACCOUNT, ...account }], channels: [...channels, AWS_CHANNEL] };
  return aStage({ whatsapp, ...changes });
};

/** Without CloudFormation's own rules and the places in the code: they take longer than everything else of a synthesis. */
export const QUICK: AppProps = { builtinCloudFormationValidation: false, stackTraces: false, treeMetadata: false };

const stackOf = (stage: Stage, props: AppProps) =>
  new ServiceStack(new App({ context: CONTEXT, ...props }), 'Test', { stageName: 'test', stage });

/** A stage with all that the configuration can ask for. */
export const aStageWithEverything = (): Stage => {
  const { whatsapp } = aStageAtAws();
  const replacing = {
    ...AWS_ACCOUNT,
    id: 'outlet-aws',
    wabaId: 'waba-00cc',
    metaWabaId: '10',
    replaceEventDestination: true,
  };
  return aStage({
    whatsapp: { ...whatsapp, accounts: [...whatsapp.accounts, replacing] },
    oauth: {
      provider: 'cognito',
      domainPrefix: 'acme-care',
      clients: [{ id: 'crm', scopes: ['read'] }],
      signIn: { callbackUrls: ['https://console.acme.com/'], logoutUrls: ['https://console.acme.com/'] },
    },
    console: {},
  });
};

/** The template of a stage and those of the stacks that are nested in it. */
interface Templates {
  readonly template: Template;
  readonly nested: readonly Template[];
}

const templatesOf = (stack: ServiceStack): Templates => {
  const nested = stack.node.findAll().filter((child) => child instanceof NestedStack);
  return { template: Template.fromStack(stack), nested: nested.map((child) => Template.fromStack(child)) };
};

const synthesized = new Map<string, Templates>();

/** A stage and the stacks that are nested in it; each stage is synthesized once. */
export const synthesizeAll = (stage: Stage): Templates => {
  const key = JSON.stringify(stage);
  const templates = synthesized.get(key) ?? templatesOf(stackOf(stage, QUICK));
  synthesized.set(key, templates);
  return templates;
};

export const synthesize = (stage: Stage = aStage()): Template => synthesizeAll(stage).template;

/** @throws an Error where the templates of a stage break a rule of CloudFormation */
export const validate = (stage: Stage): void => void Template.fromStack(stackOf(stage, {}));

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  DependsOn: z.array(z.string()).optional(),
});
export type Resource = z.infer<typeof Resource>;

const Resources = z.record(z.string(), Resource);

/** The resources of a type, or all, by logical id. */
export const resourcesOf = (template: Template, type?: string): Readonly<Record<string, Resource>> =>
  Resources.parse(type === undefined ? template.toJSON()['Resources'] : template.findResources(type));

/** The only resource of that type whose logical id has that prefix. */
const only = (template: Template, type: string, prefix: string): readonly [string, Resource] => {
  const [first, ...others] = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(prefix));
  if (first === undefined || others.length > 0)
    throw new Error(`expected one resource of type ${type} with prefix ${prefix}`);
  return first;
};

export const idOf = (template: Template, type: string, prefix: string): string => only(template, type, prefix)[0];

export const propertiesOf = (template: Template, type: string, prefix: string): Resource['Properties'] =>
  only(template, type, prefix)[1].Properties;

/** A text with references, as CDK renders it. */
export const Joined = z.object({
  'Fn::Join': z.tuple([z.string(), z.array(z.union([z.string(), z.object({ Ref: z.string() })]))]),
});
