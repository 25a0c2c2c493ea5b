/** One bar of a chart. */
export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly tone?: 'plain' | 'paid' | 'soon';
}

interface BarsProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly empty: string;
}

/** A chart of lying bars, each with its number: it reads as a list too. */
export const Bars = ({ title, bars, empty }: BarsProps) => {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <section className="chart">
      <h2>{title}</h2>
      {bars.length === 0 && <p className="muted">{empty}</p>}
      <dl>
        {bars.map(({ key, label, value, tone = 'plain' }) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>
              <span className="bar-track">
                <span className={`bar ${tone}`} style={{ width: `${(value / most) * 100}%` }} />
              </span>
              <span className="bar-value">{value.toLocaleString()}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

interface ColumnsProps {
  readonly title: string;
  readonly columns: readonly { readonly key: number; readonly label: string; readonly value: number }[];
}

/** A chart of vertical bars; the description of each states its value. */
export const Columns = ({ title, columns }: ColumnsProps) => {
  const most = Math.max(1, ...columns.map(({ value }) => value));
  return (
    <section className="chart wide">
      <h2>{title}</h2>
      <ol className="columns">
        {columns.map(({ key, label, value }, index) => (
          <li key={key} title={`${label}: ${value}`}>
            <span className="column-value">{value === 0 ? '' : value}</span>
            <span className={index === 0 ? 'column soon' : 'column'} style={{ height: `${(value / most) * 100}%` }} />
            <span className={index % 4 === 3 ? 'column-label' : 'column-label visually-hidden'}>{label}</span>
          </li>
        ))}
      </ol>
    </section>
  );
};
