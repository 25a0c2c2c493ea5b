import { useState } from 'react';
import { strings } from '../strings.ts';
import { priceName, timeOfDay } from '../ui/format.ts';
import { type Bar, Bars, Columns } from './bars.tsx';
import { type Usage, useClosings, useUsage } from './use-usage.ts';

const byCount = (counts: Readonly<Record<string, number>>, kind: string): readonly Bar[] =>
  Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([type, value]) => ({ key: `${kind} ${type}`, label: type.replaceAll('_', ' ').toLowerCase(), value }));

const byPrice = ({ messages }: Usage): readonly Bar[] => [
  ...messages.byPrice.map(
    ({ category, type, charge, messages: value }): Bar => ({
      key: `${category} ${type}`,
      label: `${priceName(category)}, ${strings.usage.charges[charge]}`,
      value,
      tone: charge === 'paid' ? 'paid' : 'plain',
    }),
  ),
  ...(messages.unpriced === 0 ? [] : [{ key: 'unpriced', label: strings.usage.unpriced, value: messages.unpriced }]),
];

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
}

const Figure = ({ label, value, note }: FigureProps) => (
  <div className="figure">
    <dt>{label}</dt>
    <dd>
      <strong>{value}</strong>
      {note !== undefined && <span className="muted">{note}</span>}
    </dd>
  </div>
);

const Figures = ({ usage }: { readonly usage: Usage }) => {
  const { mau, deployment, messages, freeService: allowance, cost, forecast } = usage;
  return (
    <dl className="figures">
      <Figure label={strings.usage.mau} value={mau.toLocaleString()} note={strings.usage.allChannels(deployment.mau)} />
      <Figure label={strings.usage.inbound} value={messages.inbound.toLocaleString()} />
      <Figure
        label={strings.usage.outbound}
        value={(messages.session + messages.template).toLocaleString()}
        note={forecast && strings.usage.forecast(forecast.session + forecast.template)}
      />
      {allowance !== undefined && (
        <Figure
          label={strings.usage.allowance}
          value={allowance.left.toLocaleString()}
          note={strings.usage.allowanceUsed(allowance.used)}
        />
      )}
      {cost !== undefined && <Figure label={strings.usage.cost} value={`${cost.amount} ${cost.currency}`} />}
    </dl>
  );
};

const thresholdBars = ({ mau, thresholds }: Usage): readonly Bar[] => [
  { key: 'mau', label: strings.usage.mau, value: mau },
  ...thresholds.map(
    ({ threshold }): Bar => ({
      key: String(threshold),
      label: strings.usage.threshold(threshold),
      value: threshold,
      tone: 'soon',
    }),
  ),
];

const Closings = ({ channel }: { readonly channel: string }) => {
  const { data: hours = [] } = useClosings(channel);
  const columns = hours.map(({ at, windows }) => ({
    key: at,
    label: strings.usage.until(timeOfDay(at)),
    value: windows,
  }));
  return <Columns title={strings.usage.closings} columns={columns} />;
};

const Charts = ({ usage }: { readonly usage: Usage }) => {
  const { byType } = usage.messages;
  return (
    <div className="charts">
      <Bars title={strings.usage.byPrice} bars={byPrice(usage)} empty={strings.usage.nothing} />
      <Bars title={strings.usage.received} bars={byCount(byType.inbound, 'in')} empty={strings.usage.nothing} />
      <Bars title={strings.usage.sessions} bars={byCount(byType.session, 'session')} empty={strings.usage.nothing} />
      <Bars title={strings.usage.templates} bars={byCount(byType.template, 'template')} empty={strings.usage.nothing} />
      <Bars title={strings.usage.thresholds} bars={thresholdBars(usage)} empty={strings.usage.nothing} />
    </div>
  );
};

/** The usage of a month, in figures and charts. */
export const UsageView = ({ channel }: { readonly channel: string }) => {
  const [month, setMonth] = useState('');
  const { data: usage, isPending, isError } = useUsage(channel, month);
  return (
    <main className="page">
      <header>
        <h1>{strings.nav.usage}</h1>
        <label className="field month">
          <span>{strings.usage.month}</span>
          <input type="month" value={month || (usage?.month ?? '')} onChange={({ target }) => setMonth(target.value)} />
        </label>
      </header>
      {isPending && <p className="muted">{strings.usage.loading}</p>}
      {isError && <p role="alert">{strings.usage.failed}</p>}
      {usage !== undefined && <Figures usage={usage} />}
      <Closings channel={channel} />
      {usage !== undefined && <Charts usage={usage} />}
    </main>
  );
};
