import { useState } from 'react';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { useKept } from './drafts.ts';
import type { Outbox } from './outbox.ts';
import { EVERY_TEMPLATE } from './template-filter.ts';
import type { FieldValues } from './template-form.ts';
import { TemplateForm, type TemplatePurpose } from './template-form-view.tsx';
import { TemplateList } from './template-list.tsx';
import { useTemplates } from './use-templates.ts';

/** The chosen template and what was entered; it survives a reload, like a draft. */
interface Chosen {
  readonly name: string;
  readonly language: string;
  readonly values: FieldValues;
}

const isChosen = (value: unknown): value is Chosen =>
  typeof value === 'object' && value !== null && 'name' in value && 'language' in value && 'values' in value;

interface TemplatePickerProps {
  readonly conversation: Conversation;
  readonly outbox: Outbox;
  /** @default - re-engagement */
  readonly purpose?: TemplatePurpose;
  readonly onSent?: () => void;
}

/** Finds a template, fills it and sends it. */
export const TemplatePicker = ({ conversation, outbox, purpose = 'reengagement', onSent }: TemplatePickerProps) => {
  const [filter, setFilter] = useState(EVERY_TEMPLATE);
  const [chosen, choose] = useKept('template', conversation, isChosen);
  const { data: templates = [] } = useTemplates(conversation.channel);
  const template = templates.find(({ name, language }) => name === chosen?.name && language === chosen.language);
  const finish = () => {
    choose(undefined);
    onSent?.();
  };
  return (
    <section className="template-picker" aria-label={strings.template.label}>
      <TemplateList
        channel={conversation.channel}
        filter={filter}
        onFilter={setFilter}
        selected={template}
        onSelect={({ name, language }) => choose({ name, language, values: {} })}
      />
      {template === undefined || chosen === undefined ? (
        <p className="muted template-none">{strings.template.choose}</p>
      ) : (
        <TemplateForm
          key={`${template.name} ${template.language}`}
          conversation={conversation}
          template={template}
          values={chosen.values}
          onValues={(values) => choose({ ...chosen, values })}
          purpose={purpose}
          outbox={outbox}
          onSent={finish}
        />
      )}
    </section>
  );
};
