import { type Loose, listAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { FormattedText } from './formatted-text.tsx';

interface Row {
  readonly icon: IconName;
  readonly text: string;
}

const rowsOf = (content: Loose): readonly Row[] => {
  const button = textAt(content, 'button');
  switch (content['type']) {
    case 'buttons':
      return listAt(content, 'buttons').map((one) => ({ icon: 'reply', text: textAt(one, 'title') }));
    case 'cta_url':
      return [{ icon: 'link', text: button }];
    case 'location_request':
      return [{ icon: 'pin', text: strings.content.sendLocation }];
    case 'contact_request':
      return [{ icon: 'phone', text: strings.content.shareNumber }];
    case 'address_request':
      return [{ icon: 'pin', text: strings.content.giveAddress }];
    case 'product':
    case 'product_list':
      return [{ icon: 'list', text: strings.content.products }];
    default:
      return button === '' ? [] : [{ icon: 'list', text: button }];
  }
};

const ListSections = ({ content }: { readonly content: Loose }) => (
  <details className="list-rows">
    <summary>{strings.content.choices}</summary>
    {listAt(content, 'sections').map((section, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the sections of a message never change their places
      <div key={index}>
        <strong>{textAt(section, 'title')}</strong>
        {listAt(section, 'rows').map((row) => (
          <p key={textAt(row, 'id')}>
            {textAt(row, 'title')} <span className="muted">{textAt(row, 'description')}</span>
          </p>
        ))}
      </div>
    ))}
  </details>
);

const Cards = ({ content }: { readonly content: Loose }) => (
  <div className="wa-cards">
    {listAt(content, 'cards').map((card, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a message never change their places
      <Interactive key={index} content={card} />
    ))}
  </div>
);

const Header = ({ content }: { readonly content: Loose }) => {
  const { header } = content;
  if (typeof header === 'string') return <p className="wa-header">{header}</p>;
  return header === undefined ? undefined : (
    <div className="wa-media">
      <Icon name="picture" size={26} />
    </div>
  );
};

/** A message with buttons, a list, a form or products, as the customer sees it. */
export const Interactive = ({ content }: { readonly content: Loose }) => (
  <div className="wa-parts">
    <Header content={content} />
    <FormattedText text={textAt(content, 'body')} />
    {textAt(content, 'footer') !== '' && <p className="wa-footer">{textAt(content, 'footer')}</p>}
    {content['type'] === 'list' && <ListSections content={content} />}
    {content['type'] === 'carousel' && <Cards content={content} />}
    <ul className="wa-buttons">
      {rowsOf(content).map(({ icon, text }) => (
        <li key={text}>
          <Icon name={icon} size={15} />
          {text}
        </li>
      ))}
    </ul>
  </div>
);
