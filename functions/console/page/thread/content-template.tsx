import { type Loose, listAt, textAt } from '../api/loose.ts';
import { valuesOf } from '../composer/template-form.ts';
import { TemplatePreview } from '../composer/template-preview.tsx';
import { useTemplates } from '../composer/use-templates.ts';
import { strings } from '../strings.ts';

/** A template as the customer saw it; by its name where the registry no longer has it. */
export const SentTemplate = ({ channel, content }: { readonly channel: string; readonly content: Loose }) => {
  const { data: templates = [] } = useTemplates(channel);
  const [name, language] = [textAt(content, 'name'), textAt(content, 'language')];
  const template = templates.find((one) => one.name === name && one.language === language);
  return (
    <>
      <p className="muted template-title">{strings.content.template(name.replaceAll('_', ' '), language)}</p>
      {template !== undefined && (
        <TemplatePreview template={template} values={valuesOf(template, listAt(content, 'components'))} />
      )}
    </>
  );
};
