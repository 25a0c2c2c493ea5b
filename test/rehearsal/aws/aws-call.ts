import type { Access } from './policies.ts';

/** A call to an API of AWS, with lower-case header names. */
export interface AwsCall {
  readonly service: string;
  readonly method: string;
  /** Encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** The ARN of the role that calls. */
  readonly roleArn: string;
}

export interface AwsReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One service of AWS, as far as the functions call it. */
export interface AwsService {
  /** What the caller must be allowed; throws on an operation that the rehearsal does not know. */
  readonly accesses: (call: AwsCall) => readonly Access[];
  readonly perform: (call: AwsCall) => Promise<AwsReply>;
  /** The service's answer to a call that is not allowed. */
  readonly deny: (call: AwsCall) => AwsReply;
}

export const jsonReply = (status: number, body: unknown): AwsReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});

/** The operation that a call of a JSON protocol names: `GetItem` in `DynamoDB_20120810.GetItem`. */
export const operationOf = ({ headers }: AwsCall): string => headers['x-amz-target']?.split('.').at(-1) ?? '';

export const jsonOf = ({ body }: AwsCall): unknown => JSON.parse(body.toString('utf8'));

export const denyInJson = (): AwsReply =>
  jsonReply(400, { __type: 'AccessDeniedException', message: 'not authorized' });

export const unknownOperation = ({ service }: AwsCall, operation: string): Error =>
  new Error(`the rehearsal does not know the operation ${operation} of ${service}`);
