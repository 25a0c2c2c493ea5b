import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPENS_SESSION, opensSession } from '../../functions/shared/domain/opens-session.ts';
import {
  aChange,
  aMessage,
  aMetaReader,
  aNotification,
  aStatus,
  aValue,
  messagesOf,
  parseMessages,
  parseMeta,
  reportsOf,
  toBytes,
} from '../support/meta.ts';

const KINDS = ['message', 'echo', 'status', 'ignored', 'malformed'];

const SUB_TYPED = Object.keys(OPENS_SESSION.meta).filter((kind) => /[.]|^group$/.test(kind));

const readable = fc.stringMatching(/^wamid\.[A-Z]{4,12}$/);
const broken = fc.oneof(
  fc.constantFrom(null, 7, 'broken', [], {}),
  fc.constantFrom('id', 'timestamp').map((field) => aMessage({ [field]: undefined })),
);

describe('the reader of Meta webhooks', () => {
  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(aMetaReader().parse(bytes).length).toBeGreaterThan(0);
      }),
    );
  });

  it('never throws on any JSON in the place of a list, an item or its content', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('messages', 'standby', 'calls', 'history', 'smb_message_echoes', 'messaging_handovers'),
        (json, field) => {
          const shapes = [
            json,
            { object: 'whatsapp_business_account', entry: json },
            { object: 'whatsapp_business_account', entry: [json] },
            aNotification(json),
            aNotification(aChange(json, field)),
            aNotification(
              aChange(
                aValue({ messages: json, statuses: json, calls: json, standby: json, message_echoes: json }),
                field,
              ),
            ),
            aNotification(
              aChange(aValue({ contacts: json, messages: [json], statuses: [json], calls: [json] }), field),
            ),
            aNotification(
              aChange(aValue({ messages: [aMessage({ text: json, context: json, referral: json })] }), field),
            ),
          ];

          for (const shape of shapes)
            for (const { kind } of aMetaReader().parse(toBytes(shape))) expect(KINDS).toContain(kind);
        },
      ),
    );
  });

  it('reads every sound item of a batch, in order, whatever lies between', () => {
    const item = fc.oneof(
      readable.map((id) => ({ wire: aMessage({ id }) as unknown, id })),
      broken.map((wire) => ({ wire: wire as unknown, id: undefined })),
    );
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const sound = items.flatMap(({ id }) => id ?? []);
        const wires = items.map(({ wire }) => wire);
        const statuses = items.map(({ wire, id }) => (id === undefined ? wire : aStatus({ id })));
        const reports = reportsOf(parseMeta(aNotification(aChange(aValue({ statuses })))));

        expect(messagesOf(parseMessages(...wires)).map(({ id }) => id)).toEqual(sound);
        expect(reports.map(({ providerMessageId }) => providerMessageId)).toEqual(sound);
      }),
    );
  });

  it('reports a status whatever stands in the place of its price', () => {
    const anyPricing = fc.oneof(
      fc.jsonValue(),
      fc.record({ category: fc.jsonValue(), type: fc.jsonValue(), billable: fc.jsonValue() }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        const [report, ...others] = reportsOf(
          parseMeta(aNotification(aChange(aValue({ statuses: [aStatus({ pricing })] })))),
        );

        expect(others).toEqual([]);
        expect(report).toMatchObject({ status: 'delivered', providerMessageId: 'wamid.OUT1' });
      }),
    );
  });

  it('judges a message by its type alone, whatever it says', () => {
    // The content stands under the name of its type, where `id` would replace the message's own.
    const unknownType = fc.stringMatching(/^[a-z_]{1,20}$/).filter((name) => name === 'text' || !(name in aMessage()));
    const type = fc.oneof(fc.constantFrom(...Object.keys(OPENS_SESSION.meta)), unknownType);
    fc.assert(
      fc.property(
        type.filter((name) => !SUB_TYPED.includes(name) && name !== 'interactive'),
        fc.jsonValue(),
        (name, content) => {
          const [message] = messagesOf(parseMessages(aMessage({ [name]: content, type: name })));

          expect(message?.opens).toBe(opensSession('meta', name));
        },
      ),
    );
  });
});
