import { useQuery } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Icon } from '../ui/icon.tsx';
import type { Outbox, SendRequest } from './outbox.ts';
import {
  type FieldKind,
  type FieldValues,
  fieldsOf,
  missingIn,
  type TemplateField,
  toComponents,
} from './template-form.ts';
import type { Template } from './template-parts.ts';
import { TemplatePreview } from './template-preview.tsx';

const INPUT_TYPES: Readonly<Record<FieldKind, string>> = {
  text: 'text',
  link: 'url',
  place: 'text',
  moment: 'datetime-local',
};

interface FieldProps {
  readonly field: TemplateField;
  readonly values: FieldValues;
  readonly onValues: (values: FieldValues) => void;
}

const Field = ({ field, values, onValues }: FieldProps) => (
  <label className="field">
    <span>{field.label}</span>
    <input
      type={INPUT_TYPES[field.kind]}
      dir="auto"
      maxLength={1_024}
      placeholder={strings.template.examples[field.kind]}
      value={values[field.id] ?? ''}
      onChange={({ target }) => onValues({ ...values, [field.id]: target.value })}
    />
  </label>
);

/** What the service would answer to this template; asked once it is complete. */
const useTemplateCheck = (request: SendRequest, isComplete: boolean) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['check', request.channel, request.to, request],
    enabled: isComplete,
    queryFn: () => unwrap(api.POST('/v1/messages/check', { body: request })),
  });
};

/** `notification` uses no re-engagement of the ended session, where the channel allows it. */
export type TemplatePurpose = 'reengagement' | 'notification';

export interface TemplateFormProps {
  readonly conversation: Conversation;
  readonly template: Template;
  readonly values: FieldValues;
  readonly onValues: (values: FieldValues) => void;
  readonly purpose: TemplatePurpose;
  readonly outbox: Outbox;
  readonly onSent: () => void;
}

const toRequest = ({ conversation, template, values, purpose }: TemplateFormProps): SendRequest => ({
  channel: conversation.channel,
  to: conversation.customer,
  as: 'person',
  content: {
    type: 'template',
    name: template.name,
    language: template.language,
    components: toComponents(template, values),
    purpose,
  },
});

type CheckResult = ReturnType<typeof useTemplateCheck>['data'];

const Verdict = ({ check, missing }: { readonly check: CheckResult; readonly missing: number }) => {
  if (missing > 0) return <p className="muted">{strings.template.missing(missing)}</p>;
  if (check === undefined) return <p className="muted">{strings.template.checking}</p>;
  if (!check.allowed) return <p className="refused">{check.detail}</p>;
  return check.usesReengagement ? <p className="muted">{strings.template.usesSlot}</p> : <p />;
};

/** The fields of a template, how it will look, and what the service says to it. */
export const TemplateForm = (props: TemplateFormProps) => {
  const { template, values, onValues, outbox, onSent } = props;
  const fields = fieldsOf(template);
  const missing = missingIn(fields ?? [], values).length;
  const request = toRequest(props);
  const isComplete = fields !== undefined && missing === 0;
  const { data: check } = useTemplateCheck(request, isComplete);
  const send = async () => {
    if (await outbox.send(request)) onSent();
  };
  return (
    <div className="template-form">
      <TemplatePreview template={template} values={values} />
      <p className="price-category">
        <Icon name="info" size={15} />
        {strings.template.price(strings.template.categories[template.category] ?? template.category)}
      </p>
      {fields === undefined && <p className="muted">{strings.template.notHere}</p>}
      {fields?.map((field) => (
        <Field key={field.id} field={field} values={values} onValues={onValues} />
      ))}
      <div className="composer-bar">
        <Verdict check={isComplete ? check : undefined} missing={missing} />
        <button
          type="button"
          className="button primary"
          disabled={!isComplete || check?.allowed !== true || outbox.isBusy}
          onClick={() => void send()}
        >
          <Icon name="send" size={16} />
          {strings.template.send}
        </button>
      </div>
    </div>
  );
};
