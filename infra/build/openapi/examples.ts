const CUSTOMER = '+15551234567';

/** What is uploaded. */
export const UPLOADS = {
  image: { summary: 'A picture', value: { type: 'image', mimeType: 'image/jpeg', size: 48_213 } },
};

/** Bodies of a send. */
export const SENDS = {
  text: {
    summary: 'An answer inside the window',
    value: { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } },
  },
  image: {
    summary: 'An image by URL, with a caption',
    value: {
      channel: 'support',
      to: CUSTOMER,
      content: { type: 'image', url: 'https://cdn.acme.test/receipt.png', caption: 'Your receipt' },
    },
  },
  cta_url: {
    summary: 'A button that opens a page',
    value: {
      channel: 'support',
      to: CUSTOMER,
      content: {
        type: 'cta_url',
        body: 'Your parcel is on its way.',
        button: 'Track it',
        url: 'https://shop.acme.test/track/77',
      },
    },
  },
  flow: {
    summary: 'A WhatsApp Flow',
    value: {
      channel: 'support',
      to: CUSTOMER,
      content: {
        type: 'flow',
        body: 'Choose a time for the visit.',
        flowId: '1197715005513101',
        button: 'Choose',
        token: 'visit-77',
        screen: 'BOOKING',
      },
    },
  },
  carousel: {
    summary: 'Cards side by side',
    value: {
      channel: 'support',
      to: CUSTOMER,
      content: {
        type: 'carousel',
        body: 'Two that fit your door:',
        cards: ['oak', 'ash'].map((wood) => ({
          header: { type: 'image', url: `https://cdn.acme.test/${wood}.png` },
          body: `Made of ${wood}`,
          buttons: [{ id: wood, title: 'This one' }],
        })),
      },
    },
  },
  template: {
    summary: 'A template that re-engages a customer whose window is closed',
    value: { channel: 'support', to: CUSTOMER, content: { type: 'template', name: 'hello_again', language: 'en_US' } },
  },
  fallback: {
    summary: 'An answer, or a template where the window is closed',
    value: {
      channel: 'support',
      to: CUSTOMER,
      content: { type: 'text', text: 'Your parcel has arrived.' },
      fallbackTemplate: { type: 'template', name: 'hello_again', language: 'en_US' },
    },
  },
};

export const READS = {
  typing: { summary: 'Read, and an answer is being written', value: { typing: true } },
  read: { summary: 'Read', value: {} },
};

export const RESOLUTIONS = {
  sent: { summary: 'The message reached WhatsApp', value: { outcome: 'sent' } },
  not_sent: { summary: 'It did not', value: { outcome: 'not_sent' } },
};

export const QUERIES = { two: { summary: 'Two customers', value: { customers: [CUSTOMER, '+15557654321'] } } };

export const CONSENTS = {
  opted_in: {
    summary: 'An opt-in on the website',
    value: {
      state: 'opted_in',
      source: 'website',
      actor: 'customer',
      text: 'Send me updates on WhatsApp',
      categories: ['orders'],
    },
  },
  opted_out: {
    summary: 'An opt-out on the phone',
    value: { state: 'opted_out', source: 'call centre', actor: 'agent:4711' },
  },
};

export const CONSENT_IMPORTS = {
  opt_ins: {
    summary: 'Opt-ins with the dates on which they were given',
    value: {
      consents: [
        {
          customer: '+15551234567',
          state: 'opted_in',
          source: 'crm',
          actor: 'import',
          effectiveAt: '2026-03-01T09:00:00Z',
        },
      ],
    },
  },
};

export const META_WEBHOOK = {
  test: {
    summary: 'A webhook without updates',
    value: { object: 'whatsapp_business_account', entry: [] },
  },
};

export const SINCH_WEBHOOK = {
  test: {
    summary: 'A webhook without updates',
    value: { project_id: 'local-project', app_id: '01EB37HMH1M6SV18ASNS3G135H' },
  },
};

export const TAKES = {
  free: { summary: 'A person takes a conversation that no one holds', value: { as: 'person' } },
  from: {
    summary: 'A person takes it from a bot',
    value: { as: 'person', seen: { kind: 'bot', since: '2026-11-20T12:00:00.000Z' } },
  },
};

export const RELEASES = { own: { summary: 'A person releases it', value: { as: 'person' } } };

export const DELIVERY_TESTS = {
  all: { summary: 'To every endpoint', value: {} },
  one: { summary: 'To the second endpoint', value: { endpoint: 2 } },
};

export const DELIVERY_RESENDS = {
  event: {
    summary: 'An event that a system has lost',
    value: { customer: CUSTOMER, id: 'evt_01234567890123456789012345' },
  },
};
