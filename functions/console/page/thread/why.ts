import { strings } from '../strings.ts';
import { fullTime } from '../ui/format.ts';
import type { Message } from './thread-messages.ts';

type Decision = NonNullable<Message['decision']>;

const windowText = ({ at, expiresAt }: Decision): string => {
  if (expiresAt === null) return strings.why.never;
  const seconds = Math.round((Date.parse(expiresAt) - Date.parse(at)) / 1000);
  return seconds > 0 ? strings.why.open(fullTime(expiresAt), seconds) : strings.why.closed(fullTime(expiresAt));
};

const templateText = ({ template }: Decision): string =>
  template === undefined ? '' : strings.why.template(template.name, template.language, template.category.toLowerCase());

const slotText = ({ usesReengagement, template, slotUsedAt }: Decision): string => {
  if (usesReengagement) return strings.why.tookSlot;
  if (template === undefined) return '';
  return slotUsedAt === null ? strings.why.noSlot : strings.why.slotUsed(fullTime(slotUsedAt));
};

/** Why a message was sent, in one sentence with the values that it was decided on; empty for one of another sender. */
export const whyOf = ({ sentAs, decision }: Message): string => {
  if (decision === undefined || sentAs === undefined) return '';
  const parts = [
    strings.why.sentAs[sentAs],
    windowText(decision),
    strings.why.consent(strings.consent.states[decision.consent], decision.consentVersion),
    templateText(decision),
    slotText(decision),
  ];
  return strings.why.sentence(fullTime(decision.at), parts.filter(Boolean).join('; '));
};
