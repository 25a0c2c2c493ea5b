import { useMutation, useQueryClient } from '@tanstack/react-query';
import { hrefOf } from '../page/route.ts';
import { Icon } from '../page/ui/icon.tsx';
import { callLocal } from './call-local.ts';
import { type Story, useLocal } from './local-api.ts';
import type { LocalPanelsProps } from './local-panels-props.ts';
import { localStrings } from './local-strings.ts';

const strings = localStrings.stories;

/** Slow enough to watch the page beside it. */
const PACE_MS = 350;

const Outcome = ({ isGood, text }: { readonly isGood: boolean; readonly text: string }) => (
  <span className={isGood ? 'outcome good' : 'outcome bad'}>
    <Icon name={isGood ? 'check' : 'close'} size={14} />
    <span className="visually-hidden">{text}</span>
  </span>
);

type Run = NonNullable<Story['run']>;

const Steps = ({ run: { steps, state } }: { readonly run: Run }) => (
  <details open={state !== 'passed'}>
    <summary>{strings.steps(steps.length)}</summary>
    <ol className="steps">
      {steps.map(({ says, answer, isAsExpected, call }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only added at the end
        <li key={index} title={`${call.method} ${call.path}`}>
          <Outcome isGood={isAsExpected} text={isAsExpected ? strings.ok : strings.wrong} />
          <span>{says}</span>
          <code>{answer.status}</code>
        </li>
      ))}
    </ol>
  </details>
);

const Proofs = ({ run: { proven } }: { readonly run: Run }) => (
  <ul className="proofs">
    {proven.map(({ says, isProven }) => (
      <li key={says}>
        <Outcome isGood={isProven} text={isProven ? strings.passed : strings.failed} />
        <span>{says}</span>
      </li>
    ))}
  </ul>
);

interface StoryCardProps {
  readonly story: Story;
  readonly channel: string;
  readonly isBusy: boolean;
  readonly onPlay: () => void;
}

const StoryCard = ({ story: { title, about, run }, channel, isBusy, onPlay }: StoryCardProps) => (
  <li className={`story ${run?.state ?? ''}`}>
    <header>
      <h3>{title}</h3>
      <button
        type="button"
        className="button"
        disabled={isBusy}
        aria-label={`${strings.play}: ${title}`}
        onClick={onPlay}
      >
        {run?.state === 'running' ? strings.playing : strings.play}
      </button>
    </header>
    <p className="muted">{about}</p>
    {run !== null && (
      <div role="status">
        <Proofs run={run} />
        {run.state === 'failed' && <p className="tag now">{strings.failed}</p>}
        <Steps run={run} />
        <a href={hrefOf({ channel, view: 'conversations', customer: run.customer })}>{strings.open}</a>
      </div>
    )}
  </li>
);

/** The stories that play themselves and say what was proven. */
export const StoriesPanel = ({ channel }: LocalPanelsProps) => {
  const { data } = useLocal<{ readonly scenarios: readonly Story[] }>('scenarios');
  const queries = useQueryClient();
  const play = useMutation({
    mutationFn: (name: string) => callLocal('POST', `scenarios/${name}`, { channel, paceMs: PACE_MS }),
    onSettled: () => void queries.invalidateQueries(),
  });
  const stories = data?.scenarios ?? [];
  const isBusy = play.isPending || stories.some(({ run }) => run?.state === 'running');
  return (
    <div className="local-pad">
      <p className="muted">{strings.intro}</p>
      {play.isError && <p role="alert">{play.error.message}</p>}
      <ul className="stories">
        {stories.map((story) => (
          <StoryCard
            key={story.name}
            story={story}
            channel={channel}
            isBusy={isBusy}
            onPlay={() => play.mutate(story.name)}
          />
        ))}
      </ul>
    </div>
  );
};
