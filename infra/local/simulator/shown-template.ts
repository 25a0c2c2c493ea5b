import type { Choice, ShownMessage } from './shown-message.ts';
import type { CatalogButton, CatalogComponent, CatalogTemplate } from './template-catalog.ts';

/** The values with which a template was sent. */
export interface TemplateValues {
  /** The texts of the header or the body by the name of their placeholder. */
  readonly textsOf: (place: 'header' | 'body') => Readonly<Record<string, string>>;
  /** The link or id of the picture, video or document in the header. */
  readonly headerFile?: { readonly link?: string | undefined; readonly id?: string | undefined } | undefined;
  /** The value of a button: a payload, the end of a URL, a code, a flow's token. */
  readonly buttonValue: (index: number) => string | undefined;
  /** The values of a card. */
  readonly cardAt?: ((index: number) => TemplateValues) | undefined;
}

const fill = (text: string | undefined, values: Readonly<Record<string, string>>): string | undefined =>
  text?.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);

const toChoice = ({ type, text, url }: CatalogButton, value = ''): Choice => {
  switch (type) {
    case 'QUICK_REPLY':
      return { kind: 'quick_reply', id: value || text, title: text };
    case 'URL':
      return { kind: 'link', id: fill(url, { 1: value }) ?? '', title: text };
    case 'FLOW':
      return { kind: 'flow', id: value || 'unused', title: text };
    case 'COPY_CODE':
    case 'OTP':
      return { kind: 'copy_code', id: value, title: text };
  }
};

const find = (components: readonly CatalogComponent[], type: CatalogComponent['type']) =>
  components.find((component) => component.type === type);

const show = (components: readonly CatalogComponent[], values: TemplateValues): Omit<ShownMessage, 'type'> => ({
  header: fill(find(components, 'HEADER')?.text, values.textsOf('header')),
  file: values.headerFile === undefined ? undefined : { type: 'image', ...values.headerFile },
  text: fill(find(components, 'BODY')?.text, values.textsOf('body')),
  footer: find(components, 'FOOTER')?.text ?? find(components, 'LIMITED_TIME_OFFER')?.limited_time_offer?.text,
  choices: find(components, 'BUTTONS')?.buttons?.map((button, index) => toChoice(button, values.buttonValue(index))),
});

/** A template as the customer sees it, filled with the values of the send. */
export const shownTemplate = ({ components }: CatalogTemplate, values: TemplateValues): ShownMessage => ({
  type: 'template',
  ...show(components, values),
  cards: find(components, 'CAROUSEL')?.cards?.map((card, index) => ({
    type: 'card',
    ...show(card.components, values.cardAt?.(index) ?? values),
  })),
});
