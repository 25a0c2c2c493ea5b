import { hrefOf } from '../route.ts';
import { strings } from '../strings.ts';
import { shownName } from '../ui/customer-name.ts';
import { Icon } from '../ui/icon.tsx';
import { useFound } from './use-found.ts';

/** What the service has found for a search that was submitted. */
export const FoundList = ({ channel, text }: { readonly channel: string; readonly text: string }) => {
  const { data: found = [], isPending, isError } = useFound(channel, text);
  return (
    <section className="found" aria-label={strings.search.results}>
      {isPending && <p className="muted">{strings.search.searching}</p>}
      {isError && <p className="muted">{strings.search.failed}</p>}
      {!isPending && !isError && found.length === 0 && <p className="muted">{strings.search.none(text)}</p>}
      <ul>
        {found.map((one) => (
          <li key={`${one.by} ${one.customer}`}>
            <a href={hrefOf({ channel, view: 'conversations', customer: one.customer })}>
              <Icon name="user" size={16} />
              <bdi>{one.name ?? shownName(one).text}</bdi>
              <span className="tag">{strings.search.by[one.by]}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};
