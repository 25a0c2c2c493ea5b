import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';
import { arnOf } from '../assembly/identities.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import type { Functions } from './functions.ts';

/** Where CloudFormation takes answers: links of a bucket of its own. */
export const ANSWERS_HOST = `cloudformation-custom-resource-response-${PLACE.region.replaceAll('-', '')}.s3.${PLACE.region}.amazonaws.com`;

const TYPE = 'Custom::WhatsAppEventDestination';

const Properties = z.looseObject({ ServiceToken: z.string(), account: z.string() });

const ResourceAnswer = z.looseObject({ Status: z.enum(['SUCCESS', 'FAILED']), Reason: z.string() });
type ResourceAnswer = z.infer<typeof ResourceAnswer>;

/** The custom resources of the template: their functions are invoked as CloudFormation does, and answer at a link. */
export const createCustomResources = (assembly: Assembly, functions: () => Functions) => {
  const answers: ResourceAnswer[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    answers.push(ResourceAnswer.parse(JSON.parse(await text(request))));
    response.writeHead(200).end();
  };
  return {
    handler: (request: IncomingMessage, response: ServerResponse): void => {
      take(request, response).catch(() => response.writeHead(400).end());
    },
    /** Creates, changes or deletes the event destination of an account; resolves to the answer of its function. */
    request: async (RequestType: 'Create' | 'Update' | 'Delete', account: string): Promise<ResourceAnswer> => {
      const found = assembly.ofType(TYPE).find(({ properties }) => properties['account'] === account);
      if (found === undefined) throw new Error(`the template has no event destination of ${account}`);
      const properties = Properties.parse(found.properties);
      answers.length = 0;
      await functions().invoke(properties.ServiceToken, {
        RequestType,
        ResponseURL: `https://${ANSWERS_HOST}/answer?X-Amz-Signature=1`,
        StackId: arnOf('cloudformation', 'stack/rehearsal'),
        RequestId: 'request',
        ResourceType: TYPE,
        LogicalResourceId: found.id,
        ResourceProperties: properties,
      });
      const [answer] = answers;
      if (answer === undefined) throw new Error(`CloudFormation got no answer about ${found.id}`);
      return answer;
    },
  };
};
