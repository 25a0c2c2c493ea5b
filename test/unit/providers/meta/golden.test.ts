import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { checkTemplate } from '../../../../functions/shared/domain/template-check.ts';
import { readToWire, toWire } from '../../../../functions/shared/providers/meta/to-wire.ts';
import { toComponents } from '../../../../functions/shared/providers/template-shape.ts';
import { ReadRequest, SendRequest } from '../../../../infra/local/simulator/meta/send-request.ts';
import { asSent, CONTENT_TYPES, fixture, goldenAnswers, goldens } from '../../../support/golden.ts';
import { aMetaChannel, readMessage } from '../../../support/meta.ts';
import { aRegisteredTemplate } from '../../../support/template-parts.ts';

/** A catalog shows its first product without parameters. */
const mayBeLeftOut = (name: string): boolean => name === 'catalog';

const GOLDENS = goldens('meta');
const ENVELOPE = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: '+919812345678',
  biz_opaque_callback_data: 'cw1',
};

describe('the wire format of Meta', () => {
  it.each(GOLDENS)('is that of its page: $name', ({ content, wire }) => {
    const sent = asSent(
      toWire({
        channel: aMetaChannel(),
        to: CustomerKey.parse(ENVELOPE.to),
        content,
        reference: ENVELOPE.biz_opaque_callback_data,
        replyTo: content.type === 'reaction' ? content.messageId : undefined,
      }),
    );

    expect(sent).toEqual({ ...ENVELOPE, ...(wire as object) });
    expect(SendRequest.safeParse(sent).error).toBeUndefined();
  });

  it.each(['read', 'read-typing'])('is that of its page: %s', (name) => {
    const { messageId, typing, wire } = fixture('meta', name);

    const sent = asSent(readToWire({ messageId, typing }));

    expect(sent).toEqual(wire);
    expect(ReadRequest.safeParse(sent).error).toBeUndefined();
  });

  it.each(GOLDENS.filter(({ definition }) => definition !== undefined))(
    'fills in the template that is defined: $name',
    ({ content, definition }) => {
      const { category, components } = definition as { category: string; components: object[] };
      if (content.type !== 'template') throw new Error('only a template is defined');
      const template = aRegisteredTemplate({
        ...content,
        category,
        components: toComponents(components, category),
      });

      expect(checkTemplate([template], content)).toEqual({ kind: 'ready', template });
      expect(checkTemplate([template], { ...content, components: content.components.slice(1) })).toMatchObject(
        mayBeLeftOut(content.name) ? { kind: 'ready' } : { kind: 'parameters_invalid' },
      );
    },
  );

  it.each(goldenAnswers('meta'))('of an answer is read by its page: $name', ({ source, message, content, replyTo }) => {
    const read = readMessage(message);

    expect(asSent(read.content)).toEqual(content);
    expect(read.replyTo).toBe(replyTo);
    expect(read.opens).toBe(true);
    expect(source).toMatch(/^https:\/\/developers\.facebook\.com\/.+\/.+/);
  });

  it('has a page for each type', () => {
    expect([...new Set(GOLDENS.map(({ content }) => content.type))].sort()).toEqual(CONTENT_TYPES);
    for (const { source } of GOLDENS) expect(source).toMatch(/^https:\/\/developers\.facebook\.com\/.+\/.+/);
  });
});
