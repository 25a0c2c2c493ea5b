import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { OAuth } from '../../infra/oauth-config.ts';
import { aStage, resourcesOf, synthesize } from './synthesize.ts';

const ACCOUNTS = ['shop-meta-01', 'shop-meta-02', 'shop-meta-03'];

const idAt = (index: number): string => `support-${String(index).padStart(4, '0')}`;

const OAUTH: z.input<typeof OAuth> = {
  provider: 'cognito',
  domainPrefix: 'acme-care',
  clients: [{ id: 'crm', scopes: ['read'] }],
  signIn: { callbackUrls: ['https://console.acme.com/'], logoutUrls: ['https://console.acme.com/'] },
};

/** 300 Meta numbers of several apps, with one endpoint each, and access tokens. */
const manyChannels = (count = 300) =>
  aStage({
    oauth: OAUTH,
    whatsapp: {
      accounts: ACCOUNTS.map((id, index) => ({ id, provider: 'meta', wabaId: `${700 + index}` })),
      channels: Array.from({ length: count }, (_, index) => ({
        id: idAt(index),
        account: ACCOUNTS[index % ACCOUNTS.length] ?? '',
        phoneNumberId: `${1_000 + index}`,
        deliveries: [{ url: `https://crm.example.com/hooks/${idAt(index)}` }],
      })),
    },
  });

/** The longest ids that AWS fills in. */
const filledIn = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\{"(?:Ref|Fn::\w+)":(?:[^{}]|\{[^{}]*\})*\}/g, 'x'.repeat(80));

const Environment = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });

describe('many-channels: a stage of 300 channels with a delivery each, called with access tokens too', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(manyChannels());
  });

  const of = (type: string) => Object.values(resourcesOf(template, type));

  it('has fewer than 500 resources and 200 outputs, and a template below 1 MB', () => {
    expect(idAt(0)).toHaveLength(12);
    expect(Object.keys(resourcesOf(template)).length).toBeLessThan(500);
    expect(Object.keys(template.findOutputs('*')).length).toBeLessThan(200);
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
  });

  it('has an environment below 4 KB in every function', () => {
    for (const { Properties } of of('AWS::Lambda::Function'))
      expect(filledIn(Environment.parse(Properties).Environment.Variables).length).toBeLessThan(4_096);
  });

  it('has one rule for all deliveries', () => {
    expect(of('AWS::Events::Rule').filter(({ Properties }) => 'EventPattern' in Properties)).toHaveLength(1);
  });

  it('has a resource policy below 20 kB on every function', () => {
    const sizes = new Map<string, number>();
    for (const { Properties } of of('AWS::Lambda::Permission')) {
      const name = JSON.stringify(Properties['FunctionName']);
      // Lambda writes each permission as a statement with a Sid, its effect, principal and condition: below 500 characters.
      sizes.set(name, (sizes.get(name) ?? 0) + filledIn(Properties).length + 500);
    }

    expect(sizes.size).toBeGreaterThan(3);
    for (const size of sizes.values()) expect(size).toBeLessThan(20_000);
  });

  it('has policies of roles and queues below 10 KB', () => {
    for (const type of ['AWS::IAM::Policy', 'AWS::SQS::QueuePolicy'])
      for (const { Properties } of of(type)) expect(filledIn(Properties['PolicyDocument']).length).toBeLessThan(10_000);
  });

  it('says at synth what does not fit', () => {
    expect(() => synthesize(manyChannels(400))).toThrow(
      /Number of resources.*500.*AWS::SecretsManager::Secret \(406\)/s,
    );
  });
});
