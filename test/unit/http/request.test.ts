import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SendRequest } from '../../../functions/shared/domain/content.ts';
import { invalidRequest, parseBody, parseWith, rawBody } from '../../../functions/shared/http/request.ts';
import { aSendRequest } from '../../support/builders.ts';
import { anEvent } from '../../support/events.ts';

const ROUTE = 'POST /v1/messages';

describe('a value beyond a limit of the service', () => {
  it('names the limit, its unit and its owner', () => {
    const Limited = z.strictObject({ names: z.array(z.string().max(3)).max(2) });
    const messageOf = (value: unknown) => {
      const parsed = parseWith(Limited, value);
      return parsed.ok ? undefined : parsed.problem.errors;
    };

    expect(messageOf({ names: ['long'] })).toEqual([
      { path: 'names.0', message: 'has more than 3 characters, the most that CareWindow accepts' },
    ]);
    expect(messageOf({ names: ['a', 'b', 'c'] })).toEqual([
      { path: 'names', message: 'has more than 2 entries, the most that CareWindow accepts' },
    ]);
  });
});

describe('the raw body', () => {
  it('is the bytes of the text as it came, escapes untouched', () => {
    const body = '{ "text" : "caf\\u00e9 \u2665 👋" }\n';

    expect(Buffer.from(rawBody(anEvent(ROUTE, { body }))).equals(Buffer.from(body, 'utf8'))).toBe(true);
  });

  it('is decoded from base64 to the same bytes, also those that are no text', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

    expect(Buffer.from(rawBody(anEvent(ROUTE, { body: bytes }))).equals(Buffer.from(bytes))).toBe(true);
  });

  it('is empty when there is none', () => {
    expect(rawBody(anEvent(ROUTE))).toHaveLength(0);
  });
});

describe('a JSON body', () => {
  it('is read against its schema', () => {
    const body = JSON.stringify(aSendRequest());

    expect(parseBody(SendRequest, anEvent(ROUTE, { body }))).toEqual({ ok: true, value: aSendRequest() });
  });

  it('is read from base64 too, with all its characters', () => {
    const content = { type: 'text', text: 'Grüße 👋' };
    const body = Buffer.from(JSON.stringify(aSendRequest({ content })));

    expect(parseBody(SendRequest, anEvent(ROUTE, { body }))).toMatchObject({ ok: true, value: { content } });
  });

  it.each(['', ' \n'])('that is empty is refused with the way out: %j', (body) => {
    const message = 'the body is empty: send content-type application/json with an object';

    expect(parseBody(SendRequest, anEvent(ROUTE, { body }))).toMatchObject({
      problem: { errors: [{ path: '', message }] },
    });
  });

  it.each(['5', 'null', '"text"', '"\\ud800"', '[{}]'])('that is no object is refused with the way out: %s', (body) => {
    const parsed = parseBody(SendRequest, anEvent(ROUTE, { body }));

    expect(parsed).toMatchObject({
      problem: {
        errors: [{ path: '', message: 'the body is JSON, but no object: send the fields of this call in one' }],
      },
    });
  });

  it('names an unknown field that has an empty name', () => {
    const parsed = parseBody(z.strictObject({}), anEvent(ROUTE, { body: '{"":1}' }));

    expect(parsed).toMatchObject({ problem: { detail: '"": is not a known field' } });
  });

  it('names a field that has an empty name and holds U+0000', () => {
    const parsed = parseBody(z.looseObject({}), anEvent(ROUTE, { body: '{"":"\\u0000"}' }));

    expect(parsed).toMatchObject({ problem: { errors: [{ path: '""' }] } });
  });

  it.each(['', '{', 'text', '{"a":1}x', "{'a':1}"])('that is not JSON is refused with the way out: "%s"', (body) => {
    const parsed = parseBody(SendRequest, anEvent(ROUTE, { body }));

    expect(parsed).toMatchObject({
      ok: false,
      problem: {
        code: 'invalid_request',
        errors: [{ path: '', message: expect.stringContaining('application/json') }],
      },
    });
  });

  it.each([
    ['half of a surrogate pair', '{"text":"cut \\ud83d"}', 'text', 'surrogate pair'],
    ['U+0000', '{"buttons":[{"title":"a\\u0000b"}]}', 'buttons.0.title', 'U+0000'],
    ['a key that is ill-formed', '{"a\\udc00":1}', 'a\ufffd', 'surrogate pair'],
  ])('lone-surrogate-out: is refused with %s, and the path is named', (_, body, path, message) => {
    expect(parseBody(z.looseObject({}), anEvent(ROUTE, { body }))).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ path, message: expect.stringContaining(message) }] },
    });
  });

  it('lone-surrogate-out: is refused when its bytes are not UTF-8', () => {
    const body = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);

    expect(parseBody(z.looseObject({}), anEvent(ROUTE, { body }))).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ path: '', message: expect.stringContaining('UTF-8') }] },
    });
  });

  it('takes whole surrogate pairs, escaped or not', () => {
    const body = '{"text":"\\ud83d\\udc4b 👋 \\\\ud83d"}';

    expect(parseBody(z.looseObject({}), anEvent(ROUTE, { body }))).toEqual({
      ok: true,
      value: { text: '👋 👋 \\ud83d' },
    });
  });

  it.each([
    {
      fault: 'a text of 4,097 characters',
      of: { content: { type: 'text', text: 'x'.repeat(4097) } },
      path: 'content.text',
    },
    {
      fault: 'a latitude of 91',
      of: { content: { type: 'location', latitude: 91, longitude: 0 } },
      path: 'content.latitude',
    },
    { fault: 'a name of two words', of: { to: 'call me' }, path: 'to' },
    { fault: 'an unknown content type', of: { content: { type: 'hologram' } }, path: 'content.type' },
  ])('with $fault is refused at $path', ({ of, path }) => {
    const parsed = parseBody(SendRequest, anEvent(ROUTE, { body: JSON.stringify(aSendRequest(of)) }));

    expect(parsed).toMatchObject({ ok: false, problem: { code: 'invalid_request', errors: [{ path }] } });
  });

  it('repeats nothing of a text that it refuses', () => {
    const content = { type: 'text', text: 'secret '.repeat(1_000), note: 5 };
    const parsed = parseBody(SendRequest, anEvent(ROUTE, { body: JSON.stringify(aSendRequest({ content })) }));

    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

describe('the errors of a request', () => {
  it('stand in one sentence, each behind its path', () => {
    const { problem } = invalidRequest([
      { path: 'to', message: 'is required' },
      { path: '', message: 'is odd' },
    ]);

    expect(problem.detail).toBe('to: is required; is odd');
  });

  it('have dotted paths, with the index of a list', () => {
    const Rooms = z.strictObject({ rooms: z.array(z.strictObject({ name: z.string() })) });

    expect(parseWith(Rooms, { rooms: [{ name: 'a' }, { name: 5, size: 3 }] })).toMatchObject({
      ok: false,
      problem: { errors: [{ path: 'rooms.1.name' }, { path: 'rooms.1.size', message: 'is not a known field' }] },
    });
  });

  it.each([
    { path: 'name', value: 5, message: 'must be a string' },
    { path: 'size', value: '5', message: 'must be a number' },
    { path: 'size', value: 1.5, message: 'must be a whole number' },
    { path: 'size', value: 0, message: 'must be at least 1' },
    { path: 'size', value: 10, message: 'must be at most 9' },
    { path: 'weight', value: null, message: 'must be a number' },
    { path: 'open', value: 'yes', message: 'must be true or false' },
    { path: 'doors', value: {}, message: 'must be a list' },
    { path: 'owner', value: 'Ann', message: 'must be an object' },
    { path: 'labels', value: [], message: 'must be an object' },
    { path: 'kind', value: 'shed', message: 'is not one of: hall, cellar' },
    { path: 'kind', value: undefined, message: 'is required' },
    { path: 'country', value: 'DE', message: 'must be IN' },
  ])('say in words of JSON what $path must be, instead of $value', ({ path, value, message }) => {
    const Room = z
      .strictObject({
        name: z.string(),
        size: z.int().min(1).max(9),
        weight: z.number(),
        open: z.boolean(),
        doors: z.array(z.string()),
        owner: z.strictObject({}),
        labels: z.record(z.string(), z.string()),
        kind: z.enum(['hall', 'cellar']),
        country: z.literal('IN'),
      })
      .partial()
      .required({ kind: true });

    expect(parseWith(Room, { kind: 'hall', [path]: value })).toMatchObject({
      problem: { errors: [{ path, message }] },
    });
  });

  it('list the values of a discriminator', () => {
    const Pet = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('cat') }),
      z.object({ kind: z.literal('dog') }),
    ]);

    expect(parseWith(z.object({ pet: Pet }), { pet: { kind: 'cow' } })).toMatchObject({
      ok: false,
      problem: { errors: [{ path: 'pet.kind', message: 'is not one of: cat, dog' }] },
    });
  });
});

describe('a body that no message can be', () => {
  const ask = (body: string) => parseBody(z.looseObject({}), anEvent('POST /v1/messages', { body }));

  it('is refused when it is larger than an item can keep', () => {
    expect(ask(JSON.stringify({ text: 'x'.repeat(128 * 1024) }))).toMatchObject({
      ok: false,
      problem: { code: 'body_too_large' },
    });
  });

  it('is refused when it is nested without end, and not by running out of stack', () => {
    expect(ask(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', detail: expect.stringContaining('32 levels') },
    });
  });
});
