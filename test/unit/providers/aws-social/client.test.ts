import { SendWhatsAppMessageCommand, SocialMessagingClient } from '@aws-sdk/client-socialmessaging';
import { afterEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { createAwsSocialSender } from '../../../../functions/shared/providers/aws-social/client.ts';
import { toWire } from '../../../../functions/shared/providers/meta/to-wire.ts';
import type { OutboundMessage, SendOutcome } from '../../../../functions/shared/providers/provider.ts';
import { AWS_NUMBER, anAwsAccount, anAwsChannel, awsSocialSecrets } from '../../../support/aws-social.ts';
import { aClosedOrigin, aProviderServer, type ProviderCall, type Scripted } from '../../../support/provider-server.ts';

const servers: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const serve = async (scripted: Scripted) => {
  const server = await aProviderServer(() => scripted);
  servers.push(server);
  return server;
};

const NOW = new Date('2026-11-20T09:00:00.000Z');

const HELLO: OutboundMessage = {
  channel: anAwsChannel(),
  to: CustomerKey.parse('+4915112345678'),
  content: { type: 'text', text: 'Grüße 🙏' },
  reference: 'msg_01',
};

const sender = (baseUrl: string, secrets = async () => awsSocialSecrets) =>
  createAwsSocialSender({ account: anAwsAccount({ baseUrl }), secrets, now: () => NOW });

const send = (baseUrl: string, message = HELLO): Promise<SendOutcome> => sender(baseUrl).send(message);

const refusal = (name: string, status: number): Scripted => ({
  status,
  headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/` },
  body: { message: 'to +4915112345678' },
});

describe('a send through AWS End User Messaging Social', () => {
  it('passes on the message that Meta gets, and answers the id of AWS', async () => {
    const aws = await serve({ body: { messageId: 'aws-1' } });

    expect(await send(aws.url)).toEqual({ kind: 'sent', providerMessageId: 'aws-1' });
    const [call] = aws.calls;
    const body = call?.body as { message: string };
    expect(call).toMatchObject({ method: 'POST', path: '/v1/whatsapp/send' });
    expect(body).toEqual({
      originationPhoneNumberId: AWS_NUMBER,
      message: expect.any(String) as string,
      metaApiVersion: 'v24.0',
    });
    expect(JSON.parse(Buffer.from(body.message, 'base64').toString('utf8'))).toEqual(
      JSON.parse(JSON.stringify(toWire(HELLO))),
    );
  });

  it('makes the request of the client that AWS publishes, down to the signature', async () => {
    const aws = await serve({ body: { messageId: 'aws-1' } });
    const { region, accessKeyId, secretAccessKey, sessionToken = '' } = awsSocialSecrets;
    const client = new SocialMessagingClient({
      endpoint: aws.url,
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      systemClockOffset: NOW.getTime() - Date.now(),
    });
    const message = Buffer.from(JSON.stringify(toWire(HELLO)));
    await client.send(
      new SendWhatsAppMessageCommand({ originationPhoneNumberId: AWS_NUMBER, message, metaApiVersion: 'v24.0' }),
    );
    client.destroy();

    await send(aws.url);

    const scopeOf = ({ headers }: ProviderCall) => /Credential=[^,]*/.exec(headers.authorization ?? '')?.[0];
    const [theirs, ours] = aws.calls as [ProviderCall, ProviderCall];
    expect(ours).toMatchObject({ method: theirs.method, path: theirs.path, body: theirs.body });
    expect(scopeOf(ours)).toBe(scopeOf(theirs));
    expect(ours.headers).toMatchObject({
      'content-type': theirs.headers['content-type'],
      'x-amz-security-token': theirs.headers['x-amz-security-token'],
    });
  });

  it.each([
    { name: 'ThrottledRequestException', status: 429, kind: 'unavailable', class: 'retry_later' },
    { name: 'LimitExceededException', status: 400, kind: 'unavailable', class: 'retry_later' },
    { name: 'ValidationException', status: 400, kind: 'rejected', class: 'fix_request' },
    { name: 'InvalidParametersException', status: 400, kind: 'rejected', class: 'fix_request' },
    { name: 'ResourceNotFoundException', status: 404, kind: 'rejected', class: 'alert' },
    { name: 'AccessDeniedException', status: 403, kind: 'rejected', class: 'alert' },
    { name: 'AccessDeniedByMetaException', status: 403, kind: 'rejected', class: 'alert' },
    { name: 'ExpiredTokenException', status: 403, kind: 'rejected', class: 'alert' },
    { name: 'FutureException', status: 400, kind: 'rejected', class: 'never' },
    { name: 'DependencyException', status: 502, kind: 'in_doubt', class: 'never' },
    { name: 'InternalServiceException', status: 500, kind: 'in_doubt', class: 'never' },
  ])('is $kind after $name', async ({ name, status, kind, class: class_ }) => {
    const aws = await serve(refusal(name, status));

    const outcome = await send(aws.url);

    expect(outcome).toMatchObject({ kind, error: { code: name, class: class_ } });
    expect(JSON.stringify(outcome)).not.toContain('4915112345678');
    expect(aws.calls).toHaveLength(1);
  });

  it.each([
    {
      answer: 'an error in the body alone',
      scripted: { status: 429, body: { __type: 'a.b#ThrottlingException' } },
      kind: 'unavailable',
      code: 'ThrottlingException',
    },
    {
      answer: '429 without an error',
      scripted: { status: 429, body: 'slow down' },
      kind: 'unavailable',
      code: 'http_429',
    },
    { answer: '403 without an error', scripted: { status: 403, body: '<html>' }, kind: 'rejected', code: 'http_403' },
    { answer: '503 without an error', scripted: { status: 503, body: '<html>' }, kind: 'in_doubt', code: 'http_503' },
    { answer: '200 without an id', scripted: { body: {} }, kind: 'in_doubt', code: 'http_200' },
  ])('is $kind after $answer', async ({ scripted, kind, code }) => {
    const aws = await serve(scripted);

    expect(await send(aws.url)).toMatchObject({ kind, error: { code } });
  });

  it('is in doubt when the connection breaks after the request', async () => {
    const aws = await serve({ hangUp: true });

    expect(await send(aws.url)).toMatchObject({ kind: 'in_doubt' });
    expect(aws.calls).toHaveLength(1);
  });

  it('is unavailable where nothing listens, and without credentials', async () => {
    expect(await send(await aClosedOrigin())).toMatchObject({ kind: 'unavailable', error: { class: 'retry_now' } });
    const without = sender('http://127.0.0.1:9', () => Promise.reject(new Error('none')));
    expect(await without.send(HELLO)).toMatchObject({ kind: 'unavailable', error: { code: 'secrets_Error' } });
  });

  it('is not made once the window has ended', async () => {
    const aws = await serve({ body: { messageId: 'aws-1' } });

    expect(await send(aws.url, { ...HELLO, endsAtMs: NOW.getTime() })).toEqual({ kind: 'too_late' });
    expect(aws.calls).toEqual([]);
  });
});

describe('a read receipt through AWS End User Messaging Social', () => {
  const receipt = { channel: anAwsChannel(), customer: HELLO.to, messageId: 'wamid.IN1', typing: true };

  it('is the one of Meta, by the call that sends', async () => {
    const aws = await serve({ body: { messageId: 'aws-1' } });

    expect(await sender(aws.url).markRead(receipt)).toEqual({ kind: 'done' });
    const body = aws.calls[0]?.body as { message: string };
    expect(JSON.parse(Buffer.from(body.message, 'base64').toString('utf8'))).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.IN1',
      typing_indicator: { type: 'text' },
    });
  });

  it('may be repeated after any failure of AWS', async () => {
    const aws = await serve(refusal('DependencyException', 502));

    expect(await sender(aws.url).markRead(receipt)).toMatchObject({ kind: 'unavailable' });
  });
});
