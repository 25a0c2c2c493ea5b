import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRead } from '../../functions/shared/providers/provider.ts';
import { aNotification, anAwsReader, anEntry, anEnvelope } from '../support/aws-social.ts';
import { aContact, aMessage } from '../support/meta.ts';

const idsOf = (read: EventRead): readonly string[] =>
  read.kind === 'read' ? read.items.flatMap((item) => (item.kind === 'message' ? [item.message.id] : [])) : [];

const entryWith = (messages: readonly unknown[]) => anEntry({ contacts: [aContact()], messages });
const readable = fc.stringMatching(/^wamid\.[A-Z]{4,12}$/);
const broken = fc.constantFrom(null, 7, 'broken', [], {});

describe('the reader of the events of AWS', () => {
  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(anAwsReader().parse(body).kind).toMatch(/^(read|foreign|unreadable)$/);
      }),
    );
  });

  it('never throws on any JSON in the place of an envelope, its context or its entry', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const bodies = [
          JSON.stringify(json),
          JSON.stringify({ Type: 'Notification', Message: json }),
          JSON.stringify({ Type: 'Notification', Message: JSON.stringify(json) }),
          aNotification(anEnvelope('', { whatsAppWebhookEntry: json })),
          aNotification(anEnvelope(JSON.stringify(json))),
          aNotification(anEnvelope(entryWith([json]), { context: json, messageId: json })),
          aNotification(anEnvelope(anEntry({}, { changes: json }))),
        ];
        for (const body of bodies) expect(anAwsReader().parse(body).kind).toMatch(/^(read|foreign|unreadable)$/);
      }),
    );
  });

  it('reads every message that can be read, in its order, whatever stands between them and around them', () => {
    const items = fc.array(fc.oneof(readable, broken), { maxLength: 20 });
    fc.assert(
      fc.property(items, fc.boolean(), fc.boolean(), (messages, isRaw, isList) => {
        const ids = messages.filter((item) => typeof item === 'string' && item !== 'broken');
        const entry = entryWith(messages.map((item) => (ids.includes(item) ? aMessage({ id: item }) : item)));
        const envelope = anEnvelope(JSON.stringify(isList ? [entry] : entry));

        const read = anAwsReader().parse(isRaw ? JSON.stringify(envelope) : aNotification(envelope));

        expect(idsOf(read)).toEqual(ids);
        if (read.kind === 'read') expect(read.items.length).toBeGreaterThanOrEqual(messages.length);
      }),
    );
  });

  it('reads an event with raw message delivery on as with it off', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(readable, { maxLength: 5 }), (context, ids) => {
        const envelope = anEnvelope(entryWith(ids.map((id) => aMessage({ id }))), { context });

        expect(anAwsReader().parse(aNotification(envelope))).toEqual(anAwsReader().parse(JSON.stringify(envelope)));
      }),
    );
  });
});
