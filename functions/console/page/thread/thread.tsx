import { useLayoutEffect, useRef } from 'react';
import { strings } from '../strings.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Bubble } from './bubble.tsx';
import { type Conversation, useThread } from './use-thread.ts';

/** Nearer to the end than this, the view follows new messages. */
const FOLLOW_PX = 120;

/** Keeps the newest message in view, unless the user reads older ones. */
const useFollow = (newestId: string | undefined) => {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && newestId !== undefined && follows.current) element.scrollTop = element.scrollHeight;
  }, [newestId]);
  const onScroll = () => {
    const element = scroller.current;
    if (element !== null) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOW_PX;
  };
  return { scroller, onScroll };
};

/** The messages of a conversation, oldest first. */
export const Thread = ({ conversation }: { readonly conversation: Conversation }) => {
  const { newest, older, messages, hasOlder } = useThread(conversation);
  const { scroller, onScroll } = useFollow(messages.at(-1)?.id);
  const readOlder = () => void (older.data === undefined ? older.refetch() : older.fetchNextPage());
  return (
    <div ref={scroller} onScroll={onScroll} className="thread-scroll">
      {newest.isPending && <p className="muted pad">{strings.thread.loading}</p>}
      {newest.isError && messages.length === 0 && <p className="muted pad">{strings.thread.failed}</p>}
      {newest.isSuccess && messages.length === 0 && (
        <EmptyState icon="chat" title={strings.thread.emptyTitle} text={strings.thread.emptyText} />
      )}
      {hasOlder && (
        <button type="button" className="button quiet older" onClick={readOlder}>
          {strings.thread.older}
        </button>
      )}
      <ol className="messages">
        {messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
      </ol>
    </div>
  );
};
