import { ProblemError } from '../../../client/client.ts';
import { strings } from '../strings.ts';
import { fullTime } from '../ui/format.ts';
import { type Delivery, useDeliveries, useDeliveryTest } from './use-deliveries.ts';

const Outcome = ({ delivery }: { readonly delivery: Delivery }) => {
  const { lastOutcome, lastDelivery, lastFailure } = delivery;
  if (lastOutcome === null) return <span className="muted">{strings.deliveries.nothingSent}</span>;
  const isFailed = lastOutcome === 'failed';
  const at = isFailed ? lastFailure?.at : lastDelivery?.at;
  return (
    <>
      <span className={isFailed ? 'tag now' : 'tag'}>{strings.deliveries.outcomes[lastOutcome]}</span>
      <span className="muted">
        {at === undefined ? '' : fullTime(at)}
        {isFailed && lastFailure !== null && ` (${lastFailure.code})`}
      </span>
    </>
  );
};

const Row = ({ channel, delivery }: { readonly channel: string; readonly delivery: Delivery }) => {
  const test = useDeliveryTest(channel);
  const { endpoint, origin, events } = delivery;
  return (
    <li className="delivery">
      <div>
        <strong>
          <bdi>{origin}</bdi>
        </strong>
        <p className="muted">{events.join(', ')}</p>
        <p className="outcome">
          <Outcome delivery={delivery} />
        </p>
        {test.isSuccess && (
          <p className="muted" role="status">
            {strings.deliveries.tested}
          </p>
        )}
        {test.isError && (
          <p role="alert">
            {test.error instanceof ProblemError ? test.error.problem.detail : strings.deliveries.testFailed}
          </p>
        )}
      </div>
      <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate(endpoint)}>
        {strings.deliveries.test}
      </button>
    </li>
  );
};

/** Where the events of the channel are posted, and whether they arrive. */
export const Deliveries = ({ channel }: { readonly channel: string }) => {
  const { data: deliveries = [], isPending, isError } = useDeliveries(channel);
  return (
    <section className="chart wide">
      <h2>{strings.deliveries.title}</h2>
      {isPending && <p className="muted">{strings.deliveries.loading}</p>}
      {isError && <p role="alert">{strings.deliveries.failed}</p>}
      {!isPending && !isError && deliveries.length === 0 && <p className="muted">{strings.deliveries.none}</p>}
      <ul>
        {deliveries.map((delivery) => (
          <Row key={delivery.endpoint} channel={channel} delivery={delivery} />
        ))}
      </ul>
    </section>
  );
};
