import { useQuery } from '@tanstack/react-query';
import { unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { useNow } from '../api/use-now.ts';
import { hrefOf } from '../route.ts';
import { strings } from '../strings.ts';
import { shownName } from '../ui/customer-name.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ago } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';

/** Sends in doubt; read seldom, because they are rare. */
const useInDoubt = (channel: string) => {
  const { api, config } = useConnected();
  return useQuery({
    queryKey: ['in-doubt', channel],
    refetchInterval: config.pollSeconds * 3_000,
    queryFn: async () => {
      const query = { status: 'in_doubt', limit: 100 } as const;
      const path = '/v1/channels/{channel}/messages';
      return (await unwrap(api.GET(path, { params: { path: { channel }, query } }))).messages;
    },
  });
};

/** The sends in doubt of a channel: each leads to its conversation, where it can be settled. */
export const InDoubtList = ({ channel }: { readonly channel: string }) => {
  const nowMs = useNow();
  const { data: messages = [], isSuccess, isError } = useInDoubt(channel);
  if (isError) return <p className="muted pad">{strings.sessions.failed}</p>;
  if (isSuccess && messages.length === 0)
    return <EmptyState icon="check" title={strings.sessions.noDoubt} text={strings.sessions.noDoubtText} />;
  return (
    <ul className="in-doubt">
      {messages.map(({ id, customer, createdAt }) => (
        <li key={id}>
          <a className="session" href={hrefOf({ channel, view: 'conversations', customer })}>
            <span className="doubt-icon">
              <Icon name="help" />
            </span>
            <span className="session-text">
              <span className="session-title">
                <bdi>{shownName({ customer, names: [] }).text}</bdi>
              </span>
              <span className="session-sub">{strings.sessions.doubtSince(ago(createdAt, nowMs))}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
};
