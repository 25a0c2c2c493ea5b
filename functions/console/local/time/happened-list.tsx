import { phoneNumber } from '../../page/ui/customer-name.ts';
import { shortTime } from '../../page/ui/format.ts';
import { Icon } from '../../page/ui/icon.tsx';
import type { LocalEvent } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import type { Happened } from './use-moves.ts';

const strings = localStrings.time;

const shownCustomer = ({ detail: { customer = '' } }: LocalEvent): string =>
  customer.startsWith('+') ? phoneNumber(customer) : customer;

interface HappenedListProps {
  readonly happened: Happened;
  readonly onDismiss: () => void;
}

/** What happened between two points of time, event by event. */
export const HappenedList = ({ happened: { from, to, events }, onDismiss }: HappenedListProps) => {
  const toMs = Date.parse(to);
  return (
    <div className="happened" role="status">
      <p>
        <strong>
          {shortTime(from, toMs)} → {shortTime(to, Date.parse(from))}
        </strong>
        <span className="muted">{events.length === 0 ? strings.nothingHappened : strings.happened(events.length)}</span>
      </p>
      <ul>
        {events.map((event, index) => (
          // The list is replaced as a whole.
          // biome-ignore lint/suspicious/noArrayIndexKey: two events may be equal but for their place
          <li key={index}>
            <time dateTime={event.time}>{shortTime(event.time, toMs)}</time>
            <span className="tag">{event['detail-type']}</span>
            <bdi>{shownCustomer(event)}</bdi>
          </li>
        ))}
      </ul>
      <button type="button" className="icon-button" aria-label={strings.dismiss} onClick={onDismiss}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
};
