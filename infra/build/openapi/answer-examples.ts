const CUSTOMER = '+15551234567';
const MESSAGE_ID = 'msg_01JD0Y6Q9RXH3V5T8K2M4N6P7S';
const WAMID = 'wamid.HBgLMTU1NTEyMzQ1NjcVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA';
const NEXT = 'eyJhZnRlciI6Ii4uLiJ9';

/** A customer who is known by number and user id. */
const NAMED = {
  customer: CUSTOMER,
  names: [
    { name: CUSTOMER, kind: 'wa_id', since: '2026-11-20T12:00:00.000Z', learnedFrom: 'message' },
    { name: 'US.13491208655302741918', kind: 'user_id', since: '2026-11-20T12:00:00.000Z', learnedFrom: 'message' },
  ],
};

/** An open window. */
export const WINDOW = {
  channel: 'support',
  ...NAMED,
  state: 'open',
  openedAt: '2026-11-20T12:00:00.000Z',
  lastInboundAt: '2026-11-20T12:00:00.000Z',
  expiresAt: '2026-11-21T12:00:00.000Z',
  remainingSeconds: 86_400,
  allowed: ['session', 'template'],
  consent: { state: 'unknown' },
  reengagement: { available: true },
  entryPoint: null,
  owner: null,
  nextAction: 'none',
};

export const LISTED = {
  ...WINDOW,
  lastAnswerAt: '2026-11-20T12:05:00.000Z',
  profile: { name: 'Mira', username: 'mira.example' },
};

export const SENT = {
  id: MESSAGE_ID,
  status: 'sent',
  sentAs: 'session',
  providerMessageId: WAMID,
  usedReengagement: false,
  usedFallback: false,
  session: WINDOW,
};

export const IN_DOUBT = { ...SENT, status: 'in_doubt', providerMessageId: undefined };

export const ALLOWED = {
  allowed: true,
  sentAs: 'session',
  usesReengagement: false,
  usesFallback: false,
  session: WINDOW,
};

/** A message of the business that the customer has read. */
const OUTBOUND = {
  id: MESSAGE_ID,
  direction: 'outbound',
  status: 'read',
  statuses: [
    { status: 'accepted', at: '2026-11-20T12:01:00.120Z' },
    { status: 'sent', at: '2026-11-20T12:01:00.480Z' },
    { status: 'delivered', at: '2026-11-20T12:01:02.000Z' },
    { status: 'read', at: '2026-11-20T12:03:10.000Z' },
  ],
  content: { type: 'text', text: 'It arrives tomorrow.' },
  createdAt: '2026-11-20T12:01:00.120Z',
  sentAs: 'session',
  providerMessageId: WAMID,
  pricing: { category: 'service', type: 'free_customer_service' },
  clientReference: 'ticket-4711',
  decision: {
    at: '2026-11-20T12:01:00.120Z',
    expiresAt: '2026-11-21T12:00:00.000Z',
    lastInboundAt: '2026-11-20T12:00:00.000Z',
    consent: 'opted_in',
    consentVersion: 1,
    lastOpenedAt: '2026-11-20T12:00:00.000Z',
    slotUsedAt: null,
    usesReengagement: false,
  },
};

const INBOUND = {
  id: 'wamid.HBgLMTU1NTEyMzQ1NjcVAgASGBQzQTdCNEY2RDhFMDkxMjM0NTY3OAA=',
  direction: 'inbound',
  status: 'received',
  statuses: [{ status: 'received', at: '2026-11-20T12:00:00.950Z' }],
  content: { type: 'text', text: 'When does my parcel arrive?' },
  createdAt: '2026-11-20T12:00:00.000Z',
  providerMessageId: 'wamid.HBgLMTU1NTEyMzQ1NjcVAgASGBQzQTdCNEY2RDhFMDkxMjM0NTY3OAA=',
  profileName: 'Ana',
};

export const MESSAGE = { ...OUTBOUND, channel: 'support', ...NAMED };

export const CUSTOMER_VIEW = {
  channel: 'support',
  ...NAMED,
  profile: { name: 'Ana' },
  consent: { state: 'unknown', updatedAt: null, version: 0 },
  session: WINDOW,
  owner: null,
  reengagement: { available: true, usedAt: null },
};

export const THREAD = { ...NAMED, messages: [OUTBOUND, INBOUND], next: NEXT };

export const EVENTS = {
  ...NAMED,
  events: [
    {
      type: 'session.opened',
      timestamp: '2026-11-20T12:00:00.000Z',
      data: {
        id: 'evt_01234567890123456789012345',
        version: 1,
        occurredAt: '2026-11-20T12:00:00.000Z',
        channel: 'support',
        customer: CUSTOMER,
        sessionId: '01JD0Y4M7N2Q5R8S1T3V6W9X0Z',
        data: {
          openedAt: '2026-11-20T12:00:00.000Z',
          lastInboundAt: '2026-11-20T12:00:00.000Z',
          expiresAt: '2026-11-21T12:00:00.000Z',
        },
      },
    },
  ],
  next: NEXT,
};

const OPT_IN = {
  source: 'website',
  actor: 'customer',
  text: 'Send me updates on WhatsApp',
  categories: ['orders'],
};

export const CONSENT = {
  ...NAMED,
  state: 'opted_in',
  ...OPT_IN,
  updatedAt: '2026-11-02T09:30:00.000Z',
  version: 2,
  marketing: { state: 'opted_out', updatedAt: '2026-11-10T18:04:00.000Z' },
  history: [
    {
      state: 'opted_out',
      scope: 'marketing',
      source: 'whatsapp_preferences',
      actor: 'customer',
      text: null,
      categories: null,
      effectiveAt: '2026-11-10T18:04:00.000Z',
    },
    { state: 'opted_in', scope: 'all', ...OPT_IN, effectiveAt: '2026-11-02T09:30:00.000Z' },
  ],
};

export const EXPORT = {
  exportedAt: '2026-11-20T12:30:00.000Z',
  person: CUSTOMER_VIEW,
  consent: CONSENT,
  sessions: [
    {
      sessionId: '01JCXV5Q1A7M3K9T2R4W6Y8Z0B',
      openedAt: '2026-11-14T09:00:00.000Z',
      lastInboundAt: '2026-11-14T09:20:00.000Z',
      endedAt: '2026-11-15T09:20:00.000Z',
      reason: 'expired',
    },
  ],
  messages: [OUTBOUND, INBOUND],
  next: NEXT,
};

const REMOVED = {
  sessions: 1,
  customers: 1,
  consents: 2,
  messages: 100,
  pastSessions: 3,
  unplaced: 0,
  claims: 40,
  members: 2,
};

export const ERASED = { done: true, removed: REMOVED };
export const PARTLY_ERASED = { done: false, removed: { ...REMOVED, sessions: 0, customers: 0, members: 0 } };

export const USAGE = {
  channel: 'support',
  month: '2026-11',
  mau: 5_120,
  deployment: { mau: 6_004 },
  messages: {
    inbound: 20_480,
    session: 18_230,
    template: 1_204,
    byType: {
      inbound: { image: 1_480, text: 19_000 },
      session: { text: 18_230 },
      template: { utility: 1_204 },
    },
    byPrice: [
      { category: 'service', type: 'free_customer_service', charge: 'free', messages: 18_230 },
      { category: 'utility', type: 'regular', charge: 'paid', messages: 1_200 },
    ],
    paid: 1_200,
    free: 18_230,
    unpriced: 4,
  },
  cost: { currency: 'EUR', amount: 63.6, withoutPrice: [] },
  thresholds: [{ threshold: 5_000, mau: 5_000, reachedAt: '2026-11-24T16:20:00.000Z' }],
};

export const TEMPLATES = {
  templates: [
    {
      name: 'hello_again',
      language: 'en_US',
      status: 'APPROVED',
      category: 'UTILITY',
      quality: 'GREEN',
      components: [{ type: 'BODY', text: 'Hello again! Your request is still open. How can we help?' }],
      version: 1,
    },
  ],
  next: NEXT,
};

export const SYNCED = { synced: { listed: 24, changed: 1, removed: 0 } };

/** The link to a file. */
export const MEDIA = {
  url: 'https://carewindow-files.s3.eu-west-1.amazonaws.com/30/support/6f1c?X-Amz-Signature=0a1b',
  expiresAt: '2026-11-20T12:05:00.000Z',
  name: 'meter.jpg',
  mimeType: 'image/jpeg',
  size: 48_213,
  sha256: '81d3bd8a8db4868c9520ed47186e8b7c5789e61ff79f7f834be6950b808a90d3',
};

export const CHANNELS = {
  channels: [
    {
      id: 'support',
      provider: 'meta',
      displayPhoneNumber: '+15550783881',
      sendMarginSeconds: 30,
      closingLeadSeconds: 3_600,
      retentionDays: 30,
      reengagementLimit: 1,
      notifications: 'allow',
      notCarried: [],
    },
  ],
};

export const UPLOAD = {
  upload: 'up_30_3f2a9c81d3bd8a8db4868c9520ed47186e8b7c57.jpg',
  url: 'https://carewindow-files.s3.eu-west-1.amazonaws.com/',
  fields: {
    key: '30/support/3f2a9c81d3bd8a8db4868c9520ed47186e8b7c57.jpg',
    'Content-Type': 'image/jpeg',
    Policy: 'eyJleHBpcmF0aW9uIjoiMjAyNi0xMS0yMFQxMjoxNTowMFoifQ==',
    'X-Amz-Signature': '0a1b',
  },
  expiresAt: '2026-11-20T12:15:00.000Z',
};

export const DELIVERIES = {
  deliveries: [
    {
      endpoint: 1,
      origin: 'https://crm.acme.test',
      events: ['message.received', 'session.closing'],
      lastOutcome: 'delivered',
      lastDelivery: { at: '2026-11-20T12:00:01.204Z', eventId: 'evt_01234567890123456789012345' },
      lastFailure: {
        at: '2026-11-20T11:58:12.040Z',
        eventId: 'evt_01234567890123456789012344',
        code: 'http_503',
      },
    },
  ],
};

export const DELIVERY_SENT = { id: 'evt_01234567890123456789012345', endpoints: [1] };
