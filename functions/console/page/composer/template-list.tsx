import { strings } from '../strings.ts';
import { Icon } from '../ui/icon.tsx';
import { categoriesOf, filterTemplates, languagesOf, type TemplateFilter } from './template-filter.ts';
import type { Template } from './template-parts.ts';
import { useTemplateSync, useTemplates } from './use-templates.ts';

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

const Choice = ({ label, value, values, onChange }: ChoiceProps) => (
  <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
    <option value="">{label}</option>
    {values.map((one) => (
      <option key={one} value={one}>
        {strings.template.categories[one] ?? one}
      </option>
    ))}
  </select>
);

const SyncButton = ({ channel }: { readonly channel: string }) => {
  const sync = useTemplateSync(channel);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={strings.template.sync}
        title={strings.template.sync}
        disabled={sync.isPending}
        onClick={() => sync.mutate()}
      >
        <Icon name="refresh" />
      </button>
      <span className="visually-hidden" role="status">
        {sync.isSuccess && strings.template.synced(sync.data.synced.listed)}
        {sync.isError && strings.template.syncFailed}
      </span>
    </>
  );
};

interface FilterBarProps {
  readonly channel: string;
  readonly templates: readonly Template[];
  readonly filter: TemplateFilter;
  readonly onFilter: (filter: TemplateFilter) => void;
}

const FilterBar = ({ channel, templates, filter, onFilter }: FilterBarProps) => (
  <div className="template-filter">
    <input
      type="search"
      aria-label={strings.template.search}
      placeholder={strings.template.search}
      value={filter.search}
      onChange={({ target }) => onFilter({ ...filter, search: target.value })}
    />
    <Choice
      label={strings.template.anyCategory}
      value={filter.category}
      values={categoriesOf(templates)}
      onChange={(category) => onFilter({ ...filter, category })}
    />
    <Choice
      label={strings.template.anyLanguage}
      value={filter.language}
      values={languagesOf(templates)}
      onChange={(language) => onFilter({ ...filter, language })}
    />
    <SyncButton channel={channel} />
  </div>
);

const keyOf = ({ name, language }: Pick<Template, 'name' | 'language'>): string => `${name} ${language}`;

interface TemplateListProps extends Omit<FilterBarProps, 'templates'> {
  readonly selected: Template | undefined;
  readonly onSelect: (template: Template) => void;
}

/** The templates of a channel; one that WhatsApp has not approved says so and cannot be chosen. */
export const TemplateList = ({ channel, filter, onFilter, selected, onSelect }: TemplateListProps) => {
  const { data: templates = [], isPending, isError } = useTemplates(channel);
  const found = filterTemplates(templates, filter);
  return (
    <div className="template-list">
      <FilterBar channel={channel} templates={templates} filter={filter} onFilter={onFilter} />
      {isPending && <p className="muted">{strings.template.loading}</p>}
      {isError && <p className="muted">{strings.template.failed}</p>}
      {!isPending && found.length === 0 && <p className="muted">{strings.template.none}</p>}
      <ul>
        {found.map((template) => (
          <li key={keyOf(template)}>
            <button
              type="button"
              className="template-row"
              aria-pressed={selected !== undefined && keyOf(selected) === keyOf(template)}
              disabled={template.status !== 'APPROVED'}
              onClick={() => onSelect(template)}
            >
              <span className="template-name">{template.name.replaceAll('_', ' ')}</span>
              <span className="muted">
                {strings.template.categories[template.category] ?? template.category}, {template.language}
              </span>
              {template.status !== 'APPROVED' && <span className="tag soon">{template.status.toLowerCase()}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
};
