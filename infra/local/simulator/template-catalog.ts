export interface CatalogButton {
  readonly type: 'URL' | 'QUICK_REPLY' | 'COPY_CODE' | 'OTP' | 'FLOW';
  readonly text: string;
  readonly url?: string;
  readonly otp_type?: 'COPY_CODE';
  readonly flow_id?: string;
}

export interface CatalogComponent {
  readonly type: 'HEADER' | 'BODY' | 'FOOTER' | 'BUTTONS' | 'LIMITED_TIME_OFFER' | 'CAROUSEL';
  readonly format?: 'IMAGE';
  readonly text?: string;
  readonly buttons?: readonly CatalogButton[];
  readonly limited_time_offer?: { readonly text: string; readonly has_expiration: true };
  readonly cards?: readonly { readonly components: readonly CatalogComponent[] }[];
}

/** A template as WhatsApp stores it. */
export interface CatalogTemplate {
  readonly name: string;
  readonly language: string;
  readonly status: 'APPROVED' | 'PAUSED';
  readonly category: 'UTILITY' | 'MARKETING' | 'AUTHENTICATION';
  readonly components: readonly CatalogComponent[];
  /** How long WhatsApp tries to deliver it, where the template says so. */
  readonly ttlSeconds?: number;
}

const CARD: readonly CatalogComponent[] = [
  { type: 'HEADER', format: 'IMAGE' },
  { type: 'BODY', text: '{{1}} for your door' },
  { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'See it', url: 'https://shop.example.com/{{1}}' }] },
];

/** The templates of the simulated business, the same at every provider. */
export const CATALOG: readonly CatalogTemplate[] = [
  {
    name: 'hello_again',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'We have an answer for you. Reply to this message to read it.' }],
  },
  {
    name: 'hello_again',
    language: 'de',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Wir haben eine Antwort für Sie. Antworten Sie, um sie zu lesen.' }],
  },
  {
    name: 'order_update',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [
      { type: 'BODY', text: 'Hello {{1}}, there is news on your order {{2}}.' },
      { type: 'FOOTER', text: 'Your customer care' },
    ],
  },
  {
    name: 'appointment_reminder',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [{ type: 'BODY', text: 'Hello {{first_name}}, we expect you on {{day}}.' }],
  },
  {
    name: 'summer_offer',
    language: 'en_US',
    status: 'APPROVED',
    category: 'MARKETING',
    components: [
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Hello {{1}}, our summer prices are here.' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'URL', text: 'Have a look', url: 'https://shop.example.com/offers/{{1}}' },
          { type: 'QUICK_REPLY', text: 'Not for me' },
        ],
      },
    ],
  },
  {
    name: 'win_back',
    language: 'en_US',
    status: 'PAUSED',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'We have not heard from you for a while.' }],
  },
  {
    name: 'login_code',
    language: 'en_US',
    status: 'APPROVED',
    category: 'AUTHENTICATION',
    ttlSeconds: 300,
    components: [
      { type: 'BODY', text: '*{{1}}* is your verification code.' },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] },
    ],
  },
  {
    name: 'door_offers',
    language: 'en_US',
    status: 'APPROVED',
    category: 'MARKETING',
    components: [
      { type: 'BODY', text: 'Hello {{1}}, these fit:' },
      { type: 'CAROUSEL', cards: [{ components: CARD }, { components: CARD }] },
    ],
  },
  {
    name: 'flash_offer',
    language: 'en_US',
    status: 'APPROVED',
    category: 'MARKETING',
    ttlSeconds: 43_200,
    components: [
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon', has_expiration: true } },
      { type: 'BODY', text: 'Hello {{1}}, take a quarter off.' },
      { type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy the code' }] },
    ],
  },
  {
    name: 'book_a_visit',
    language: 'en_US',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [
      { type: 'BODY', text: 'Choose a time for the visit.' },
      { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Choose', flow_id: '1197715005513101' }] },
    ],
  },
];

/** Small, so that a list has a second page. */
const PAGE_SIZE = 4;

/** The page of the catalog that begins at the cursor; `next` is the cursor of the following page, if there is one. */
export const catalogPage = (cursor = '0') => {
  const from = Number(cursor);
  const to = from + PAGE_SIZE;
  const next = to < CATALOG.length ? String(to) : undefined;
  return { templates: CATALOG.slice(from, to), from, to, next };
};

const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** The names between double braces, in order. */
export const placeholders = (text = ''): readonly string[] =>
  Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name ?? '');

/** The template of a name and a language code, or which of the two is unknown. */
export const findInCatalog = (
  name: string,
  language: string,
): CatalogTemplate | 'unknown_name' | 'unknown_language' => {
  const named = CATALOG.filter((template) => template.name === name);
  if (named.length === 0) return 'unknown_name';
  return named.find((template) => template.language === language) ?? 'unknown_language';
};
