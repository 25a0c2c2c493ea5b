import type { AwsCall, AwsReply } from '../aws/aws-call.ts';

/** A value that the query protocol of AWS writes as XML; `undefined` is left out. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');

const isList = (value: Xml): value is readonly Xml[] => Array.isArray(value);

const write = (value: Xml): string => {
  if (isList(value)) return value.map((part) => `<member>${write(part)}</member>`).join('');
  if (typeof value !== 'object') return escapeText(String(value ?? ''));
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => `<${name}>${write(part)}</${name}>`)
    .join('');
};

const reply = (status: number, body: string): AwsReply => ({ status, headers: { 'content-type': 'text/xml' }, body });

/** The answer to an action of the query protocol. */
export const queryReply = (action: string, result: Xml): AwsReply =>
  reply(200, write({ [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata: { RequestId: 'r-1' } } }));

/** A refusal with a code and a sentence. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const queryRefusal = ({ code, message }: QueryError): AwsReply =>
  reply(400, write({ ErrorResponse: { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: 'r-1' } }));

/** The parameters of a call: `Tags.member.1.Key=a` is in `list('Tags')` as `{ Key: 'a' }`. */
export const queryOf = ({ body }: AwsCall) => {
  const form = new URLSearchParams(body.toString('utf8'));
  const list = (name: string): readonly Readonly<Record<string, string>>[] => {
    const found: Record<string, string>[] = [];
    for (let at = 1; ; at += 1) {
      const prefix = `${name}.member.${at}`;
      const own = [...form].filter(([key]) => key === prefix || key.startsWith(`${prefix}.`));
      if (own.length === 0) return found;
      found.push(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length + 1), value])));
    }
  };
  return { action: form.get('Action') ?? '', text: (name: string) => form.get(name) ?? undefined, list };
};
export type Query = ReturnType<typeof queryOf>;
