import type { TemplateButton, TemplateCard, TemplateComponent } from './template.ts';
import { type Expected, expectedIn, isOptional } from './template-parameters.ts';

/** A part of the template that can have parameters. */
export interface Place {
  /** As a send names its component: `header`, `body`, `button 0`. */
  readonly name: string;
  /** Of a button. */
  readonly subType?: string;
  /** The text of the body, which is limited once it is filled. */
  readonly body?: string | undefined;
  /** Of a carousel. */
  readonly cards?: readonly TemplateCard[];
  readonly expected: Expected;
}

const NOTHING: Expected = { kind: 'positional', count: 0 };

const headerOf = ({ format = 'TEXT', text }: TemplateComponent): Expected =>
  format === 'TEXT' ? expectedIn(text) : { kind: 'one', type: format.toLowerCase() };

/** The sub-type and the parameters of each kind of button (Meta, "Templates"); those of other kinds only WhatsApp checks. */
const BUTTONS: Readonly<Record<string, Omit<Place, 'name'>>> = {
  QUICK_REPLY: { subType: 'quick_reply', expected: { kind: 'one', type: 'payload', optional: true } },
  OTP: { subType: 'url', expected: { kind: 'one', type: 'text' } },
  COPY_CODE: { subType: 'copy_code', expected: { kind: 'one', type: 'coupon_code' } },
  PHONE_NUMBER: { subType: 'phone_number', expected: NOTHING },
  REQUEST_CONTACT_INFO: { subType: 'request_contact_info', expected: NOTHING },
  FLOW: { subType: 'flow', expected: { kind: 'one', type: 'action', content: 'flow' } },
  CATALOG: { subType: 'catalog', expected: { kind: 'one', type: 'action', content: 'catalog', optional: true } },
  MPM: { subType: 'mpm', expected: { kind: 'one', type: 'action', content: 'products' } },
};

const buttonOf = ({ type, url }: TemplateButton): Omit<Place, 'name'> => {
  if (type === 'URL')
    return { subType: 'url', expected: url?.includes('{{') ? { kind: 'one', type: 'text' } : NOTHING };
  const known = Object.hasOwn(BUTTONS, type) ? BUTTONS[type] : undefined;
  return known ?? { subType: type.toLowerCase(), expected: { kind: 'any' } };
};

/** Registries of the release before did not keep whether an offer expires. */
const offerOf = ({ hasExpiration }: TemplateComponent): Expected =>
  hasExpiration === false
    ? NOTHING
    : { kind: 'one', type: 'limited_time_offer', optional: hasExpiration === undefined };

export const placesOf = (component: TemplateComponent): readonly Place[] => {
  switch (component.type) {
    case 'HEADER':
      return [{ name: 'header', expected: headerOf(component) }];
    case 'BODY':
      return [{ name: 'body', body: component.text, expected: expectedIn(component.text) }];
    case 'FOOTER':
      return [{ name: 'footer', expected: NOTHING }];
    case 'LIMITED_TIME_OFFER':
      return [{ name: 'limited_time_offer', expected: offerOf(component) }];
    case 'CAROUSEL':
      return [{ name: 'carousel', cards: component.cards ?? [], expected: NOTHING }];
    case 'BUTTONS':
      return (component.buttons ?? []).map((button, index) => ({ name: `button ${index}`, ...buttonOf(button) }));
    default:
      return [{ name: component.type.toLowerCase(), expected: { kind: 'any' } }];
  }
};

/** Whether a send may omit the component. */
export const mayOmit = ({ expected, cards = [] }: Place): boolean =>
  isOptional(expected) && cards.every(({ components }) => components.flatMap(placesOf).every(mayOmit));
