import type { components } from '../../../client/openapi.ts';
import { type Loose, listAt, textAt } from '../api/loose.ts';

export type Template = components['schemas']['Template'];

/** A component of a template as the registry shows it, with the fields that the page reads. */
export interface TemplatePart {
  readonly type: string;
  readonly format: string;
  readonly text: string;
  readonly buttons: readonly TemplateButton[];
  readonly cards: readonly (readonly TemplatePart[])[];
  readonly expires: boolean;
}

export interface TemplateButton {
  readonly type: string;
  readonly text: string;
  readonly url: string;
}

const toPart = (component: Loose): TemplatePart => ({
  type: textAt(component, 'type'),
  format: textAt(component, 'format') || 'TEXT',
  text: textAt(component, 'text'),
  buttons: listAt(component, 'buttons').map((button) => ({
    type: textAt(button, 'type'),
    text: textAt(button, 'text'),
    url: textAt(button, 'url'),
  })),
  cards: listAt(component, 'cards').map((card) => listAt(card, 'components').map(toPart)),
  expires: component['hasExpiration'] !== false,
});

/** The components of a template in the order in which WhatsApp shows them. */
export const partsOf = ({ components: parts }: Template): readonly TemplatePart[] => parts.map(toPart);
