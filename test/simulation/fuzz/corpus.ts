import { readdirSync, readFileSync } from 'node:fs';
import { aChange, aContact, aMessage, aNotification, aStatus, aValue } from '../../support/meta.ts';
import { aCallback, anEvent, anInbound, aReceipt } from '../../support/sinch.ts';
import type { Json } from './mutate.ts';

type Fields = Readonly<Record<string, Json>>;

/** The fixtures of a folder of `test/fixtures`. */
const fixturesOf = (folder: string): readonly Fields[] => {
  const root = new URL(`../../fixtures/${folder}/`, import.meta.url);
  return readdirSync(root).map((file) => JSON.parse(readFileSync(new URL(file, root), 'utf8')));
};

const ofMessages = (value: object) => aNotification(aChange(aValue({ contacts: [aContact()], ...value })));

/** Webhooks of Meta: the shapes of its documentation, of each field that is read. */
export const META: readonly Json[] = [
  ofMessages({ messages: [aMessage()], statuses: [aStatus()] }),
  ...fixturesOf('meta/receive').map(({ message }) => ofMessages({ messages: [message] })),
  ofMessages({ messages: [aMessage({ type: 'image', text: undefined, image: { id: '1', mime_type: 'image/jpeg' } })] }),
  ofMessages({
    messages: [
      aMessage({ type: 'contacts', text: undefined, contacts: [{ name: { formatted_name: 'A' }, phones: [] }] }),
    ],
  }),
  ofMessages({
    statuses: [aStatus({ status: 'failed', errors: [{ code: 131_047, title: '24 hours', message: 'x' }] })],
  }),
  ofMessages({ statuses: [aStatus({ status: 'sent', pricing: { pricing_model: 'PMP', category: 'utility' } })] }),
  ofMessages({
    messages: [
      aMessage({
        type: 'system',
        system: { type: 'user_changed_number', new_wa_id: '4915112345679', body: 'changed' },
      }),
    ],
  }),
  aNotification(aChange(aValue({ standby: [aMessage()] }), 'standby')),
  aNotification(aChange(aValue({ message_echoes: [aMessage({ to: '4915112345678' })] }), 'smb_message_echoes')),
  aNotification(
    aChange(
      aValue({
        user_preferences: [{ wa_id: '4915112345678', category: 'marketing_messages', value: 'stop', timestamp: 1 }],
      }),
      'user_preferences',
    ),
  ),
  aNotification(
    aChange(
      { event: 'REJECTED', message_template_id: 1, message_template_name: 'a' },
      'message_template_status_update',
    ),
  ),
];

/** Callbacks of Sinch. */
export const SINCH: readonly Json[] = [
  anInbound({ text_message: { text: 'Hello' } }),
  ...fixturesOf('sinch/receive').map(({ contactMessage }) => anInbound(contactMessage)),
  anInbound({ media_message: { url: 'https://media.example/a.jpg', thumbnail_url: '' } }),
  anInbound({ choice_response_message: { message_id: 'm', postback_data: 'yes' }, reply_to: { message_id: 'm' } }),
  aReceipt(),
  aReceipt({ status: 'FAILED', reason: { code: 'OUTSIDE_ALLOWED_SENDING_WINDOW', description: '24-hour window' } }),
  anEvent({ contact_event: { composing_event: {} } }),
  aCallback({
    opt_out_notification: {
      contact_id: 'c',
      channel: 'WHATSAPP',
      identity: '4915112345678',
      status: 'OPT_OUT_SUCCEEDED',
    },
  }),
];

/** The contents that a send can have. */
export const CONTENTS: readonly Json[] = fixturesOf('meta/send').map(({ content }) => content);
