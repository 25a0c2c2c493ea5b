import * as z from 'zod';
import { type CustomerKey, parsePhone } from '../../domain/customer.ts';
import type { InboundContent } from '../../domain/inbound.ts';
import { optionalText } from './schema.ts';

const Name = z
  .looseObject({
    formatted_name: optionalText,
    first_name: optionalText,
    last_name: optionalText,
    middle_name: optionalText,
  })
  .transform(({ formatted_name, first_name, last_name, middle_name, ...rest }) => ({
    ...rest,
    formatted: formatted_name,
    first: first_name,
    last: last_name,
    middle: middle_name,
  }));

const Phone = z
  .looseObject({ phone: optionalText, type: optionalText, wa_id: optionalText })
  .transform(({ wa_id, ...rest }) => ({ ...rest, waId: wa_id }));

const Address = z
  .looseObject({ country_code: optionalText })
  .transform(({ country_code, ...rest }) => ({ ...rest, countryCode: country_code }));

/** Contact cards in the shape of the API; `emails`, `org`, `urls` and fields that Meta adds later are unchanged. */
export const Contacts = z
  .array(
    z.looseObject({
      name: Name.optional(),
      phones: z.array(Phone).optional(),
      addresses: z.array(Address).optional(),
    }),
  )
  .transform((contacts): InboundContent => ({ type: 'contacts', contacts }));

const ON_REQUEST = 'contact_request';

/** WhatsApp names the number of an account in its vCards. */
const VCARD_NUMBER = /;waid=(\d{7,15})[;:]/i;

const VCard = z.object({ vcard: z.string() });

type Card = Extract<InboundContent, { type: 'contacts' }>['contacts'][number];

/** A number without `+` may be a national one, which says nothing without its country. */
const internationalIn = (phone: string | undefined): string | undefined => {
  const written = phone?.replace(/[\s().-]/g, '');
  return written?.startsWith('+') === true ? written : undefined;
};

const numberIn = (card: Card): string | undefined => {
  const { waId, phone } = card.phones?.[0] ?? {};
  const { data } = VCard.safeParse(card);
  return waId ?? VCARD_NUMBER.exec(data?.vcard ?? '')?.[1] ?? internationalIn(phone);
};

/** The customer's own number in the answer to a contact request; any other card may be of someone else. */
export const sharedPhoneOf = (content: InboundContent): CustomerKey | undefined => {
  const [card, another] = content.type === 'contacts' ? content.contacts : [];
  if (card === undefined || another !== undefined || card.origin !== ON_REQUEST) return undefined;
  return parsePhone(numberIn(card) ?? '');
};
