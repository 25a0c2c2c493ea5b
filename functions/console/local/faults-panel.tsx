import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useChannels } from '../page/api/use-channels.ts';
import { callLocal } from './call-local.ts';
import { type Faults, useLocal } from './local-api.ts';
import type { LocalPanelsProps } from './local-panels-props.ts';
import { localStrings } from './local-strings.ts';

const strings = localStrings.faults;
type Kind = keyof typeof strings.kinds;

const OF_API: readonly Kind[] = [
  'refuse_connection',
  'http_500',
  'timeout_after_accept',
  'timeout_before_accept',
  'rate_limited',
  'window_closed',
  'hold_template',
];
const OF_WEBHOOKS: readonly Kind[] = ['webhook_duplicate', 'webhook_late', 'webhook_reordered', 'webhook_batch'];
/** What Meta alone does. */
const OF_META: readonly Kind[] = ['hold_template', 'webhook_batch'];

const PROVIDERS: Readonly<Record<string, string>> = { meta: 'Meta', sinch: 'Sinch', 'aws-social': 'AWS' };

/** A batch of one would be no batch. */
const firstTimes = (kind: Kind): number => (kind === 'webhook_batch' ? 3 : 1);

interface RuleProps {
  readonly kind: Kind;
  readonly left: number;
  readonly onSet: (times: number) => void;
}

/** One rule: a switch, and how often it applies. */
const Rule = ({ kind, left, onSet }: RuleProps) => {
  const [title, about] = strings.kinds[kind];
  const [times, setTimes] = useState(firstTimes(kind));
  const isOn = left > 0;
  return (
    <li className={isOn ? 'rule on' : 'rule'}>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={isOn}
        aria-label={title}
        onClick={() => onSet(isOn ? 0 : times)}
      />
      <span>
        <strong>{title}</strong>
        <span className="muted">{about}</span>
      </span>
      {isOn ? (
        <span className="tag now">{strings.left(left)}</span>
      ) : (
        <input
          type="number"
          min={1}
          max={1_000}
          value={times}
          aria-label={strings.count(title)}
          onChange={({ target }) => setTimes(Math.max(1, target.valueAsNumber || 1))}
        />
      )}
    </li>
  );
};

interface RulesProps {
  readonly title: string;
  readonly kinds: readonly Kind[];
  readonly leftOf: (kind: Kind) => number;
  readonly onSet: (kind: Kind, times: number) => void;
}

const Rules = ({ title, kinds, leftOf, onSet }: RulesProps) => (
  <section>
    <h3>{title}</h3>
    <ul className="rules">
      {kinds.map((kind) => (
        <Rule key={kind} kind={kind} left={leftOf(kind)} onSet={(times) => onSet(kind, times)} />
      ))}
    </ul>
  </section>
);

/** What the simulated provider of the channel does wrong, rule by rule. */
export const FaultsPanel = ({ channel }: LocalPanelsProps) => {
  const { data: channels = [] } = useChannels();
  const { data } = useLocal<Faults>('provider/faults');
  const queries = useQueryClient();
  const provider = channels.find(({ id }) => id === channel)?.provider ?? 'meta';
  const leftOf = (kind: Kind): number =>
    (data?.faults ?? [])
      .filter((fault) => fault.provider === provider && fault.kind === kind)
      .reduce((sum, { times }) => sum + times, 0);
  const set = async (kind: Kind, times: number) => {
    await (times === 0
      ? callLocal('DELETE', `provider/faults/${provider}/${kind}`)
      : callLocal('POST', 'provider/faults', { provider, kind, times }));
    await queries.invalidateQueries({ queryKey: ['local'] });
  };
  const isKnown = (kind: Kind): boolean => provider === 'meta' || !OF_META.includes(kind);
  const held = (data?.held ?? []).filter((one) => one.provider === provider);
  const rules = { leftOf, onSet: (kind: Kind, times: number) => void set(kind, times) };
  return (
    <div className="local-pad">
      <p className="muted">{strings.intro(PROVIDERS[provider] ?? provider)}</p>
      {held.length > 0 && <p className="tag soon">{strings.held(held.length)}</p>}
      <Rules key={`api ${provider}`} title={strings.ofApi} kinds={OF_API.filter(isKnown)} {...rules} />
      <Rules key={`webhooks ${provider}`} title={strings.ofWebhooks} kinds={OF_WEBHOOKS.filter(isKnown)} {...rules} />
    </div>
  );
};
