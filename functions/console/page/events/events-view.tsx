import { type FormEvent, useState } from 'react';
import { go } from '../route.ts';
import { strings } from '../strings.ts';
import { CustomerEvents } from './customer-events.tsx';
import { Deliveries } from './deliveries.tsx';

interface EventsViewProps {
  readonly channel: string;
  readonly customer: string | undefined;
}

const CustomerField = ({ channel, customer }: EventsViewProps) => {
  const [typed, setTyped] = useState(customer ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ channel, view: 'events', customer: typed.replaceAll(/[\s()-]/g, '') || undefined });
  };
  return (
    <form className="event-search" onSubmit={submit}>
      <label className="field">
        <span>{strings.events.customer}</span>
        <input type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </label>
      <button type="submit" className="button">
        {strings.events.show}
      </button>
    </form>
  );
};

/** The endpoints of a channel, and the events of one customer. */
export const EventsView = ({ channel, customer }: EventsViewProps) => (
  <main className="page">
    <header>
      <h1>{strings.nav.events}</h1>
    </header>
    <Deliveries channel={channel} />
    <section className="chart wide">
      <h2>{strings.events.title}</h2>
      <CustomerField key={customer} channel={channel} customer={customer} />
      {customer !== undefined && <CustomerEvents key={customer} conversation={{ channel, customer }} />}
    </section>
  </main>
);
