import { useLayoutEffect, useMemo, useRef } from 'react';
import { textAt } from '../api/loose.ts';
import { useNow } from '../api/use-now.ts';
import { strings } from '../strings.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { dayOf, longDay } from '../ui/format.ts';
import { Bubble } from './bubble.tsx';
import type { Message } from './thread-messages.ts';
import { type TimelineEntry, toTimeline } from './timeline.ts';
import { TimelineEvent } from './timeline-event.tsx';
import { useEvents } from './use-events.ts';
import { type Conversation, useThread } from './use-thread.ts';

/** Nearer to the end than this, the view follows new messages. */
const FOLLOW_PX = 160;

/** Keeps the newest entry in view, unless the user reads older ones. */
const useFollow = (newest: string | undefined) => {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || newest === undefined) return;
    const toEnd = () => {
      if (follows.current) element.scrollTop = element.scrollHeight;
    };
    toEnd();
    // Pictures and the composer change the height later.
    const observer = new ResizeObserver(toEnd);
    observer.observe(element);
    if (element.lastElementChild !== null) observer.observe(element.lastElementChild);
    return () => observer.disconnect();
  }, [newest]);
  const onScroll = () => {
    const element = scroller.current;
    if (element !== null) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOW_PX;
  };
  return { scroller, onScroll };
};

interface EntryProps {
  readonly conversation: Conversation;
  readonly entry: TimelineEntry;
  readonly byId: ReadonlyMap<string, Message>;
  readonly nowMs: number;
}

const Entry = ({ conversation, entry, byId, nowMs }: EntryProps) => {
  if (entry.kind === 'day')
    return (
      <li className="day">
        <time dateTime={entry.at}>{longDay(entry.at)}</time>
      </li>
    );
  if (entry.kind === 'event') return <TimelineEvent event={entry.event} nowMs={nowMs} />;
  const { message } = entry;
  const quoted = byId.get(message.replyTo ?? textAt(message.content, 'messageId'));
  return <Bubble conversation={conversation} message={message} quoted={quoted} />;
};

/** By the id of the service and by that of the provider, which customers' answers name. */
const byBothIds = (messages: readonly Message[]): ReadonlyMap<string, Message> =>
  new Map(
    messages.flatMap((message) =>
      [message.id, message.providerMessageId].flatMap((id) => (id === undefined ? [] : [[id, message] as const])),
    ),
  );

/** The conversation: messages, and what happened between them. */
const useTimeline = (conversation: Conversation) => {
  const thread = useThread(conversation);
  const { messages, hasOlder } = thread;
  const { data: events } = useEvents(conversation);
  // A minute is fine enough for what is announced for later.
  const nowMs = Math.ceil(useNow() / 60_000) * 60_000;
  const entries = useMemo(
    () => toTimeline({ messages, events: events ?? [], hasOlder, nowMs, dayOf }),
    [messages, events, hasOlder, nowMs],
  );
  const byId = useMemo(() => byBothIds(messages), [messages]);
  return { ...thread, entries, byId, nowMs };
};

type Timeline = ReturnType<typeof useTimeline>;

const ThreadState = ({ newest, entries, hasOlder, older }: Timeline) => {
  const readOlder = () => void (older.data === undefined ? older.refetch() : older.fetchNextPage());
  if (newest.isPending) return <p className="muted pad">{strings.thread.loading}</p>;
  if (newest.isError && entries.length === 0) return <p className="muted pad">{strings.thread.failed}</p>;
  if (entries.length === 0)
    return <EmptyState icon="chat" title={strings.thread.emptyTitle} text={strings.thread.emptyText} />;
  if (!hasOlder) return undefined;
  return (
    <button type="button" className="button quiet older" disabled={older.isFetching} onClick={readOlder}>
      {strings.thread.older}
    </button>
  );
};

/** The messages of a conversation and what happened between them, oldest first. */
export const Thread = ({ conversation }: { readonly conversation: Conversation }) => {
  const timeline = useTimeline(conversation);
  const { scroller, onScroll } = useFollow(timeline.entries.at(-1)?.key);
  return (
    <section
      ref={scroller}
      onScroll={onScroll}
      className="thread-scroll"
      aria-label={strings.thread.messages}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keyboard
      tabIndex={0}
    >
      <ThreadState {...timeline} />
      <ol className="messages">
        {timeline.entries.map((entry) => (
          <Entry
            key={entry.key}
            conversation={conversation}
            entry={entry}
            byId={timeline.byId}
            nowMs={timeline.nowMs}
          />
        ))}
      </ol>
    </section>
  );
};
