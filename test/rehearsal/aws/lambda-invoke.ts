import type { Functions } from '../lambda/functions.ts';
import { type AwsCall, type AwsService, jsonOf, unknownOperation } from './aws-call.ts';

const PATH = /^\/2015-03-31\/functions\/(?<arn>[^/]+)\/invocations$/;

const arnIn = (call: AwsCall): string => {
  const arn = PATH.exec(call.path)?.groups?.['arn'];
  if (arn === undefined || call.method !== 'POST') throw unknownOperation(call, `${call.method} ${call.path}`);
  return decodeURIComponent(arn);
};

/** Lambda's operation `Invoke`, with which one function calls another. */
export const createLambdaInvoke = (functions: () => Functions): AwsService => ({
  accesses: (call) => [{ action: 'lambda:InvokeFunction', resource: arnIn(call) }],
  deny: () => ({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' }),
  perform: async (call) => {
    const outcome = await functions().invoke(arnIn(call), jsonOf(call));
    return outcome.kind === 'answered'
      ? { status: 200, headers: {}, body: JSON.stringify(outcome.value) }
      : { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: outcome.report };
  },
});
