import { Icon, type IconName } from '../ui/icon.tsx';
import { type FieldValues, piecesOf } from './template-form.ts';
import { partsOf, type Template, type TemplateButton, type TemplatePart } from './template-parts.ts';

interface FilledProps {
  readonly text: string;
  /** What the ids of its fields begin with. */
  readonly prefix: string;
  readonly values: FieldValues;
}

/** A text of the template with the values of its fields in place, highlighted. */
const Filled = ({ text, prefix, values }: FilledProps) =>
  piecesOf(text, prefix).map((piece, index) =>
    piece.field === undefined ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change their places
      <mark key={index} className={values[piece.field]?.trim() ? 'filled' : 'missing'}>
        {values[piece.field]?.trim() || piece.text}
      </mark>
    ),
  );

const BUTTON_ICONS: Readonly<Record<string, IconName>> = {
  URL: 'link',
  PHONE_NUMBER: 'phone',
  QUICK_REPLY: 'reply',
  FLOW: 'list',
  COPY_CODE: 'copy',
  OTP: 'copy',
};

const ButtonRow = ({ buttons }: { readonly buttons: readonly TemplateButton[] }) => (
  <ul className="wa-buttons">
    {buttons.map(({ type, text }) => (
      <li key={text}>
        <Icon name={BUTTON_ICONS[type] ?? 'list'} size={15} />
        {text}
      </li>
    ))}
  </ul>
);

interface PartProps {
  readonly part: TemplatePart;
  readonly prefix: string;
  readonly values: FieldValues;
}

const Part = ({ part, prefix, values }: PartProps) => {
  switch (part.type) {
    case 'HEADER':
      return part.format === 'TEXT' ? (
        <p className="wa-header">
          <Filled text={part.text} prefix={`${prefix}header`} values={values} />
        </p>
      ) : (
        <div className="wa-media">
          <Icon name={part.format === 'LOCATION' ? 'pin' : 'picture'} size={26} />
        </div>
      );
    case 'BODY':
      return (
        <p dir="auto">
          <Filled text={part.text} prefix={`${prefix}body`} values={values} />
        </p>
      );
    case 'FOOTER':
      return <p className="wa-footer">{part.text}</p>;
    case 'BUTTONS':
      return <ButtonRow buttons={part.buttons} />;
    case 'CAROUSEL':
      return (
        <div className="wa-cards">
          {part.cards.map((card, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a template never change their places
            <Parts key={index} parts={card} prefix={`${prefix}card.${index}.`} values={values} />
          ))}
        </div>
      );
    default:
      return undefined;
  }
};

interface PartsProps {
  readonly parts: readonly TemplatePart[];
  readonly prefix: string;
  readonly values: FieldValues;
}

const Parts = ({ parts, prefix, values }: PartsProps) => (
  <div className="wa-parts">
    {parts.map((part) => (
      <Part key={part.type} part={part} prefix={prefix} values={values} />
    ))}
  </div>
);

/** A template as the customer will see it. */
export const TemplatePreview = ({
  template,
  values,
}: {
  readonly template: Template;
  readonly values: FieldValues;
}) => (
  <div className="bubble outbound preview">
    <Parts parts={partsOf(template)} prefix="" values={values} />
  </div>
);
