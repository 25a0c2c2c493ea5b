import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TemplateComponent } from '../../functions/shared/domain/template.ts';
import { checkTemplate } from '../../functions/shared/domain/template-check.ts';
import { aBody, aButton, aHeader, aRegisteredTemplate, aTemplateContent, aText } from '../support/template-parts.ts';

type Component = { readonly type: string; readonly parameters: readonly object[] };

/** A component of a template, and the component of a send that fills it; none where nothing is to be filled in. */
interface Pair {
  readonly registered: TemplateComponent;
  readonly given: readonly Component[];
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
/** A value that WhatsApp takes: not blank, without line breaks, tabs and runs of spaces. */
const value = fc
  .string({ minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '' && !/[\n\r\t]| {5}/.test(text));

const positional = fc.array(value, { maxLength: 5 }).map((values) => ({
  text: `Hello ${values.map((_, index) => `{{${index + 1}}}`).join(' and ')}!`,
  parameters: values.map((text) => aText(text)),
}));
const named = fc.tuple(fc.uniqueArray(word, { minLength: 1, maxLength: 5 }), value).chain(([names, text]) =>
  fc.record({
    text: fc.constant(names.map((name) => `{{${name}}}`).join(' ')),
    parameters: fc.shuffledSubarray(
      names.map((parameter_name) => aText(text, { parameter_name })),
      { minLength: names.length },
    ),
  }),
);

const filledIn = (component: Component): readonly Component[] => (component.parameters.length === 0 ? [] : [component]);

const bodies: fc.Arbitrary<Pair> = fc
  .oneof(positional, named)
  .map(({ text, parameters }) => ({ registered: { type: 'BODY', text }, given: filledIn(aBody(...parameters)) }));

const media = fc.constantFrom('image', 'video', 'document').map(
  (type): Pair => ({
    registered: { type: 'HEADER', format: type.toUpperCase() },
    given: [aHeader({ type, [type]: { link: 'https://m.example/1' } })],
  }),
);
const headers: fc.Arbitrary<Pair> = fc.oneof(
  media,
  value.map((text) => ({
    registered: { type: 'HEADER', format: 'TEXT', text: 'About {{1}}' },
    given: [aHeader(aText(text))],
  })),
);

const BUTTONS = {
  URL: { button: { type: 'URL', url: 'https://s.example/{{1}}' }, subType: 'url', parameter: aText() },
  COPY_CODE: {
    button: { type: 'COPY_CODE' },
    subType: 'copy_code',
    parameter: { type: 'coupon_code', coupon_code: 'SUMMER25' },
  },
  OTP: { button: { type: 'OTP' }, subType: 'url', parameter: aText('123456') },
} as const;

const buttons: fc.Arbitrary<Pair> = fc
  .array(fc.constantFrom(...(Object.keys(BUTTONS) as (keyof typeof BUTTONS)[])), { minLength: 1, maxLength: 4 })
  .map((kinds) => ({
    registered: { type: 'BUTTONS', buttons: kinds.map((kind) => BUTTONS[kind].button) },
    given: kinds.map((kind, index) => aButton(index, BUTTONS[kind].subType, BUTTONS[kind].parameter)),
  }));

/** A template and a send made for it, its components in any order. */
const anyPair = fc
  .tuple(fc.option(headers), bodies, fc.option(buttons))
  .map((pairs) => pairs.filter((pair) => pair !== null))
  .chain((pairs) => {
    const given = pairs.flatMap((pair) => pair.given);
    return fc.record({
      template: fc.constant(aRegisteredTemplate({ components: pairs.map(({ registered }) => registered) })),
      components: fc.shuffledSubarray(given, { minLength: given.length }),
    });
  });

const kindOf = (template: ReturnType<typeof aRegisteredTemplate>, components: readonly object[]) =>
  checkTemplate([template], aTemplateContent({ components })).kind;

const without = <T>(list: readonly T[], index: number): readonly T[] => list.filter((_, place) => place !== index);

describe('a send that was made for a template', () => {
  it('always passes', () => {
    fc.assert(
      fc.property(anyPair, ({ template, components }) => {
        expect(kindOf(template, components)).toBe('ready');
      }),
    );
  });

  it('fails without any one of its components', () => {
    fc.assert(
      fc.property(anyPair, ({ template, components }) => {
        for (const index of components.keys())
          expect(kindOf(template, without(components, index))).toBe('parameters_invalid');
      }),
    );
  });

  it('fails without any one of its parameters, and with any one twice', () => {
    fc.assert(
      fc.property(anyPair, ({ template, components }) => {
        for (const [place, component] of components.entries())
          for (const [index, parameter] of component.parameters.entries()) {
            const replaced = (parameters: readonly object[]) => components.with(place, { ...component, parameters });

            expect(kindOf(template, replaced(without(component.parameters, index)))).toBe('parameters_invalid');
            expect(kindOf(template, replaced([...component.parameters, parameter]))).toBe('parameters_invalid');
          }
      }),
    );
  });

  it('fails with a component twice', () => {
    fc.assert(
      fc.property(anyPair, ({ template, components }) => {
        for (const component of components)
          expect(kindOf(template, [...components, component])).toBe('parameters_invalid');
      }),
    );
  });
});
