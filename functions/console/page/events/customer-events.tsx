import { ProblemError } from '../../../client/client.ts';
import { strings } from '../strings.ts';
import type { CustomerEvent } from '../thread/timeline.ts';
import { useEvents } from '../thread/use-events.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { fullTime } from '../ui/format.ts';
import { useResend } from './use-deliveries.ts';

const resendText = ({ isSuccess, isError, error }: ReturnType<typeof useResend>): string => {
  if (isError) return error instanceof ProblemError ? error.problem.detail : strings.events.resendFailed;
  return isSuccess ? strings.events.resent : '';
};

const EventRow = ({ conversation, event }: { readonly conversation: Conversation; readonly event: CustomerEvent }) => {
  const resend = useResend(conversation.channel);
  return (
    <li className="event">
      <details>
        <summary>
          <strong>{event.type}</strong> <time dateTime={event.timestamp}>{fullTime(event.timestamp)}</time>
        </summary>
        <pre>{JSON.stringify(event.data, undefined, 2)}</pre>
        <button
          type="button"
          className="button"
          disabled={resend.isPending}
          onClick={() => resend.mutate({ customer: conversation.customer, id: event.data.id })}
        >
          {strings.events.resend}
        </button>
        <span role="status">{resendText(resend)}</span>
      </details>
    </li>
  );
};

/** What was published of a customer, newest first. */
export const CustomerEvents = ({ conversation }: { readonly conversation: Conversation }) => {
  const { data: events = [], isPending, isError } = useEvents(conversation);
  return (
    <>
      {isPending && <p className="muted">{strings.events.loading}</p>}
      {isError && <p role="alert">{strings.events.failed}</p>}
      {!isPending && !isError && events.length === 0 && <p className="muted">{strings.events.none}</p>}
      <ol className="event-list">
        {events.map((event) => (
          <EventRow key={event.data.id} conversation={conversation} event={event} />
        ))}
      </ol>
    </>
  );
};
