import type { FormEvent } from 'react';
import { strings } from '../strings.ts';
import { FILTERS, type Filter } from './session-filter.ts';

interface SessionSearchProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** Asks the service. */
  readonly onSubmit: () => void;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** Names are searched among the rows that are loaded, numbers, user ids and references by the service; the field says so. */
export const SessionSearch = ({ search, onSearch, onSubmit, filter, onFilter }: SessionSearchProps) => {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <search className="session-search">
      <form onSubmit={submit}>
        <input
          id="session-search"
          type="search"
          aria-label={strings.search.label}
          aria-describedby="session-search-hint"
          placeholder={strings.search.placeholder}
          value={search}
          onChange={({ target }) => onSearch(target.value)}
        />
        <p id="session-search-hint" className={search === '' ? 'visually-hidden' : 'muted hint'}>
          {strings.search.hint}
        </p>
      </form>
      <fieldset className="filters">
        <legend className="visually-hidden">{strings.search.filter}</legend>
        {FILTERS.map((one) => (
          <label key={one}>
            <input type="radio" name="filter" checked={filter === one} onChange={() => onFilter(one)} />
            <span>{strings.search.filters[one]}</span>
          </label>
        ))}
      </fieldset>
    </search>
  );
};
