import { type Loose, listAt, numberAt, partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/icon.tsx';

/** More are named by their number. */
const MAX_CONTACTS = 5;

const contactName = (contact: Loose): string => {
  const name = partAt(contact, 'name');
  const parts = [textAt(name, 'first'), textAt(name, 'last')].filter(Boolean).join(' ');
  return textAt(name, 'formatted') || parts || strings.content.contact;
};

const ContactCard = ({ contact }: { readonly contact: Loose }) => (
  <li className="contact-card">
    <Icon name="contact" size={26} />
    <div>
      <strong>
        <bdi>{contactName(contact)}</bdi>
      </strong>
      {[...listAt(contact, 'phones'), ...listAt(contact, 'emails')].map((address) => (
        <p key={textAt(address, 'phone') || textAt(address, 'email')}>
          <bdi>{textAt(address, 'phone') || textAt(address, 'email')}</bdi>
        </p>
      ))}
      <p className="muted">{textAt(partAt(contact, 'org'), 'company')}</p>
    </div>
  </li>
);

export const Contacts = ({ content }: { readonly content: Loose }) => {
  const contacts = listAt(content, 'contacts');
  return (
    <>
      <ul className="contacts">
        {contacts.slice(0, MAX_CONTACTS).map((contact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a message never change their places
          <ContactCard key={index} contact={contact} />
        ))}
      </ul>
      {contacts.length > MAX_CONTACTS && (
        <p className="muted">{strings.content.moreContacts(contacts.length - MAX_CONTACTS)}</p>
      )}
    </>
  );
};

const mapUrl = (latitude: number, longitude: number): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

/** A drawing of a map: nothing is asked of anyone before the user opens the real one. */
export const Place = ({ content }: { readonly content: Loose }) => {
  const [latitude, longitude] = [numberAt(content, 'latitude') ?? 0, numberAt(content, 'longitude') ?? 0];
  return (
    <a className="place" href={mapUrl(latitude, longitude)} target="_blank" rel="noreferrer">
      <svg viewBox="0 0 240 100" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
        <path
          className="map-street"
          d="M-5 70 90 40 160 62 250 30M60-5 84 105M150-5 132 105M-5 20 250 84M200-5 214 105"
        />
        <path className="map-pin" d="M120 64s15-13 15-25a15 15 0 1 0-30 0c0 12 15 25 15 25Z" />
        <circle className="map-dot" cx="120" cy="39" r="5.5" />
      </svg>
      <strong>
        <bdi>{textAt(content, 'name') || strings.content.location}</bdi>
      </strong>
      <span className="muted">
        <bdi>{textAt(content, 'address') || `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`}</bdi>
      </span>
    </a>
  );
};

const priceOf = (item: Loose): string => {
  const price = numberAt(item, 'price');
  return price === undefined ? '' : `${price} ${textAt(item, 'currency')}`;
};

export const Order = ({ content }: { readonly content: Loose }) => (
  <div className="order">
    <strong>{strings.content.order}</strong>
    {textAt(content, 'text') !== '' && <p>{textAt(content, 'text')}</p>}
    <ul>
      {listAt(content, 'items').map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the items of an order never change their places
        <li key={index}>
          <span>
            {numberAt(item, 'quantity') ?? 1} × <bdi>{textAt(item, 'productId')}</bdi>
          </span>
          <span className="muted">{priceOf(item)}</span>
        </li>
      ))}
    </ul>
  </div>
);
