import * as z from 'zod';
import { normalizeLanguage } from '../../domain/template.ts';
import type { TemplateChange } from '../../domain/template-entry.ts';
import type { WebhookItem } from '../provider.ts';
import { toComponents } from '../template-shape.ts';
import { ignored, unreadable } from '../webhook-items.ts';
import { optionalText } from './schema.ts';

const Button = z
  .object({
    message_template_button_type: z.string(),
    message_template_button_text: optionalText,
    message_template_button_url: optionalText,
  })
  .transform((button) => ({
    type: button.message_template_button_type,
    text: button.message_template_button_text,
    url: button.message_template_button_url,
  }));

const Value = z.object({
  message_template_name: z.string().min(1).max(512),
  message_template_language: z.string().min(1).max(35),
  event: optionalText,
  message_template_category: optionalText,
  new_quality_score: optionalText,
  new_category: optionalText,
  message_template_title: optionalText,
  message_template_element: optionalText,
  message_template_footer: optionalText,
  message_template_buttons: z.array(Button).optional(),
});
type Value = z.infer<typeof Value>;

/**
 * The status after each event (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update).
 * FLAGGED (at risk), LOCKED (cannot be edited) and LIMIT_EXCEEDED (of the account) do not change it, nor do unknown
 * events: the next sync reads the status.
 */
const STATUS: Readonly<Record<string, string>> = {
  APPROVED: 'APPROVED',
  REINSTATED: 'APPROVED',
  UNARCHIVED: 'APPROVED',
  REJECTED: 'REJECTED',
  PENDING: 'PENDING',
  IN_APPEAL: 'IN_APPEAL',
  PAUSED: 'PAUSED',
  DISABLED: 'DISABLED',
  ARCHIVED: 'ARCHIVED',
  PENDING_DELETION: 'PENDING_DELETION',
  DELETED: 'DELETED',
};

const statusOf = (event: string | undefined): string | undefined =>
  event !== undefined && Object.hasOwn(STATUS, event) ? STATUS[event] : undefined;

/** The current category: an announced change has the future one in `correct_category`. */
const categoryOf = ({ new_category, message_template_category }: Value): string | undefined =>
  (new_category ?? message_template_category)?.toUpperCase();

const componentsOf = (value: Value) => {
  const { message_template_title: title, message_template_footer: footer, message_template_buttons: buttons } = value;
  return toComponents([
    ...(title === undefined ? [] : [{ type: 'HEADER', format: 'TEXT', text: title }]),
    { type: 'BODY', text: value.message_template_element },
    ...(footer === undefined ? [] : [{ type: 'FOOTER', text: footer }]),
    ...(buttons === undefined ? [] : [{ type: 'BUTTONS', buttons }]),
  ]);
};

/** Reads the facts that are present, whatever the field: Meta's example of a quality update has the field of a status update. */
const changeOf = (value: Value): TemplateChange => {
  const status = statusOf(value.event);
  const category = categoryOf(value);
  return {
    ...(status === undefined ? {} : { status }),
    ...(category === undefined ? {} : { category }),
    ...(value.new_quality_score === undefined ? {} : { quality: value.new_quality_score.toUpperCase() }),
    ...(value.message_template_element === undefined ? {} : { components: componentsOf(value) }),
  };
};

/** Reads a change of one template. */
export const toTemplateItem = (raw: unknown, changedAtMs: number | undefined): WebhookItem => {
  const parsed = Value.safeParse(raw);
  if (!parsed.success) return unreadable('template', parsed.error);
  const { message_template_name: name, message_template_language: language } = parsed.data;
  const change = changeOf(parsed.data);
  if (Object.keys(change).length === 0) return ignored('other_event');
  return { kind: 'template', update: { name, language: normalizeLanguage(language), changedAtMs, change } };
};
