import { createHash, createHmac } from 'node:crypto';

/*
 * What a Lambda signs for others: links (docs.aws.amazon.com/AmazonS3, "Authenticating Requests: Using Query
 * Parameters") and forms ("Authenticating Requests in Browser-Based Uploads Using POST").
 */

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The key that signs for one day, region and service: `20261120/eu-central-1/s3/aws4_request`. */
const signingKey = (secret: string, scope: string): Buffer =>
  scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));

/** `<access key>/<scope>` */
const splitCredential = (credential: string): readonly [string, string] => {
  const at = credential.indexOf('/');
  return [credential.slice(0, at), credential.slice(at + 1)];
};

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export interface Link {
  readonly method: string;
  /** Encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly host: string;
}

/** The access key that signed a link which is still valid; `undefined` for any other link. */
export const signerOfLink = (secret: string, { method, path, query, host }: Link): string | undefined => {
  const parameters = new URLSearchParams(query);
  const signature = parameters.get('X-Amz-Signature');
  const date = parameters.get('X-Amz-Date') ?? '';
  const [accessKeyId, scope] = splitCredential(parameters.get('X-Amz-Credential') ?? '');
  parameters.delete('X-Amz-Signature');
  const canonicalQuery = [...parameters]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const canonical = [method, path, canonicalQuery, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const expected = hmac(signingKey(secret, scope), ['AWS4-HMAC-SHA256', date, scope, hash].join('\n')).toString('hex');
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const isLive = Date.now() < signedAt + Number(parameters.get('X-Amz-Expires')) * 1000;
  return signature === expected && isLive ? accessKeyId : undefined;
};

/** The text of a form's field; empty where there is none. */
export const fieldOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

/** The access key that signed the policy of a form; `undefined` for any other form. */
export const signerOfForm = (secret: string, form: FormData): string | undefined => {
  const [accessKeyId, scope] = splitCredential(fieldOf(form, 'X-Amz-Credential'));
  const expected = hmac(signingKey(secret, scope), fieldOf(form, 'Policy')).toString('hex');
  return fieldOf(form, 'X-Amz-Signature') === expected ? accessKeyId : undefined;
};
