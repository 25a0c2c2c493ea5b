import { deepStrictEqual, ok } from 'node:assert';
import * as z from 'zod';
import type { Rehearsal } from '../rehearsal.ts';
import { expectAnswer, type Story, write } from './story.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const Fields = z.record(z.string(), z.string());

const MEDIA = 'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media';

export const customerFile: Story = {
  name: 'a customer’s file is copied, read by a link, and removed with its customer',
  play: async (rehearsal) => {
    const { call, settle, objects } = rehearsal;
    const customer = '+15551230030';
    const path = { channel: 'orders', customer };
    const id = await write(rehearsal, {
      channel: 'orders',
      from: customer,
      file: { type: 'image', mimeType: 'image/png', base64: PNG.toString('base64') },
    });
    await settle();

    expectAnswer(await call(MEDIA, { path: { ...path, id } }), 202);
    await settle();
    const link = expectAnswer(await call(MEDIA, { path: { ...path, id } }), 200).body['url'];
    const file = await fetch(String(link));
    deepStrictEqual([file.status, Buffer.from(await file.arrayBuffer()).equals(PNG)], [200, true]);
    deepStrictEqual((await fetch(String(link).replace(/X-Amz-Signature=..../, 'X-Amz-Signature=0000'))).status, 403);
    const stored = objects();
    expectAnswer(await call('DELETE /v1/channels/{channel}/customers/{customer}', { path }), 200);
    await settle();
    ok(stored.length > 0);
    deepStrictEqual(objects(), []);
  },
};

const upload = async ({ call }: Rehearsal, channel: string): Promise<unknown> => {
  const { body } = expectAnswer(
    await call('POST /v1/channels/{channel}/media', {
      path: { channel },
      body: { type: 'image', mimeType: 'image/png', size: PNG.length },
    }),
    201,
  );
  const form = new FormData();
  for (const [name, value] of Object.entries(Fields.parse(body['fields']))) form.append(name, value);
  form.append('file', new Blob([PNG], { type: 'image/png' }));
  deepStrictEqual((await fetch(String(body['url']), { method: 'POST', body: form })).status, 204);
  return body['upload'];
};

export const ownFile: Story = {
  name: 'a file is uploaded by a form and sent, through Meta and through Sinch',
  play: async (rehearsal) => {
    for (const channel of ['orders', 'returns']) {
      const customer = channel === 'orders' ? '+15551230031' : '+15551230032';
      await write(rehearsal, { channel, from: customer });
      const content = { type: 'image', upload: await upload(rehearsal, channel) };
      expectAnswer(await rehearsal.call('POST /v1/messages', { body: { channel, to: customer, content } }), 201);
    }
    // Sinch gets a link, which it reads later.
    const sent = rehearsal.simulator.calls
      .list()
      .findLast(({ provider, path }) => provider === 'sinch' && path.endsWith('messages:send'));
    const [link = ''] = /http:[^"]+X-Amz-[^"]+/.exec(JSON.stringify(sent?.body)) ?? [];
    deepStrictEqual((await fetch(link)).status, 200);
  },
};
