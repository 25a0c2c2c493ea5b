import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { arnOf } from '../assembly/identities.ts';
import { type AwsService, denyInJson, jsonOf, jsonReply, operationOf, unknownOperation } from './aws-call.ts';

const SecretProperties = z.object({ Name: z.string(), GenerateSecretString: z.object({}) });
const GetValue = z.object({ SecretId: z.string() });

/** Secrets Manager adds a hyphen and six characters to each name. */
const secretArn = (name: string): string =>
  arnOf('secretsmanager', `secret:${name}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`);

/** Secrets Manager, with the secrets of the template: each has its placeholder until an operator stores a value. */
export const createSecretsManager = (assembly: Assembly) => {
  const values = new Map<string, string>(
    assembly
      .ofType('AWS::SecretsManager::Secret')
      .map(({ properties }) => [SecretProperties.parse(properties).Name, randomBytes(16).toString('hex')]),
  );
  const service: AwsService = {
    accesses: (call) => {
      if (operationOf(call) !== 'GetSecretValue') throw unknownOperation(call, operationOf(call));
      const { SecretId } = GetValue.parse(jsonOf(call));
      return [{ action: 'secretsmanager:GetSecretValue', resource: secretArn(SecretId) }];
    },
    deny: denyInJson,
    perform: async (call) => {
      const { SecretId: Name } = GetValue.parse(jsonOf(call));
      const SecretString = values.get(Name);
      if (SecretString === undefined)
        return jsonReply(400, { __type: 'ResourceNotFoundException', message: 'no such secret' });
      return jsonReply(200, { ARN: secretArn(Name), Name, SecretString, VersionStages: ['AWSCURRENT'] });
    },
  };
  return {
    service,
    /** What an operator does after the deploy: stores a value in a secret of the template, found by the end of its name. */
    store: (ending: string, value: unknown): void => {
      const [name, ...others] = [...values.keys()].filter((candidate) => candidate.endsWith(`/${ending}`));
      if (name === undefined || others.length > 0) throw new Error(`the template has no secret ${ending}`);
      values.set(name, JSON.stringify(value));
    },
  };
};
