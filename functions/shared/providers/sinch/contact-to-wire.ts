import type { Contact } from '../../domain/contact-content.ts';
import type { Unsupported } from '../provider.ts';

const nameToWire = ({ formatted, first, last, middle, prefix, suffix }: Contact['name']) => ({
  full_name: formatted,
  first_name: first,
  last_name: last,
  middle_name: middle,
  prefix,
  suffix,
});

const addressToWire = ({ countryCode, ...address }: NonNullable<Contact['addresses']>[number]) => ({
  ...address,
  country_code: countryCode,
});

const unsupportedOf = ({ phones = [], addresses = [] }: Contact): Unsupported | undefined => {
  if (phones.length === 0)
    return {
      path: 'content.contacts.0.phones',
      message: 'Sinch carries no contact without a phone number: add one, or send the contact as text.',
    };
  const waId = phones.findIndex((phone) => phone.waId !== undefined);
  if (waId !== -1)
    return {
      path: `content.contacts.0.phones.${waId}.waId`,
      message: 'Sinch carries no WhatsApp id of a phone number: leave it out.',
    };
  const street = addresses.findIndex((address) => address.street !== undefined);
  if (street === -1) return undefined;
  return {
    path: `content.contacts.0.addresses.${street}.street`,
    message: 'Sinch carries no street in an address: leave it out, or send the address as text.',
  };
};

/** Converts a contact card to `contact_info_message`, or returns the field that Sinch does not support. */
export const contactToWire = (contact: Contact): Unsupported | { readonly body: Readonly<Record<string, unknown>> } => {
  const { name, phones, emails, org, urls, addresses, birthday } = contact;
  const body = {
    name: nameToWire(name),
    phone_numbers: phones?.map(({ phone, type }) => ({ phone_number: phone, type })),
    email_addresses: emails?.map(({ email, type }) => ({ email_address: email, type })),
    organization: org,
    urls,
    addresses: addresses?.map(addressToWire),
    birthday,
  };
  return unsupportedOf(contact) ?? { body };
};
