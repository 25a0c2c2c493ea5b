import { partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { useEvents } from '../thread/use-events.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { fullTime } from '../ui/format.ts';

/** The sessions that have ended, newest first. */
export const PastSection = ({ conversation }: { readonly conversation: Conversation }) => {
  const { data: events = [] } = useEvents(conversation);
  const past = events.filter(({ type }) => type === 'session.closed');
  return (
    <section>
      <h3>{strings.customer.past}</h3>
      {past.length === 0 && <p className="muted">{strings.customer.noPast}</p>}
      <ol className="history">
        {past.map(({ timestamp, data }) => (
          <li key={data.id}>
            <strong>
              {strings.customer.pastSession(fullTime(textAt(partAt(data, 'data'), 'openedAt')), fullTime(timestamp))}
            </strong>
            <span className="muted">{strings.customer.pastReasons[textAt(partAt(data, 'data'), 'reason')]}</span>
          </li>
        ))}
      </ol>
    </section>
  );
};
