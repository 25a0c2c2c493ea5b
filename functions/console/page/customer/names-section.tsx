import { strings } from '../strings.ts';
import { phoneNumber } from '../ui/customer-name.ts';
import { dayOf } from '../ui/format.ts';
import type { Customer } from './use-customer.ts';

type Name = Customer['names'][number];

const NameRow = ({ name }: { readonly name: Name }) => (
  <div>
    <dt>{strings.customer.nameKinds[name.kind]}</dt>
    <dd>
      <bdi>{name.kind === 'user_id' ? name.name : phoneNumber(name.name)}</bdi>
      {name.since !== null && (
        <span className="muted">
          {strings.customer.since(
            dayOf(name.since),
            name.learnedFrom === null ? '' : strings.customer.learned[name.learnedFrom],
          )}
        </span>
      )}
    </dd>
  </div>
);

/** What the customer is called, by the provider's report. */
export const NamesSection = ({ customer }: { readonly customer: Customer }) => (
  <section>
    <h3>{strings.customer.names}</h3>
    <dl className="facts">
      {customer.profile?.name !== undefined && (
        <div>
          <dt>{strings.customer.profileName}</dt>
          <dd>
            <bdi>{customer.profile.name}</bdi>
          </dd>
        </div>
      )}
      {customer.profile?.username !== undefined && (
        <div>
          <dt>{strings.customer.username}</dt>
          <dd>
            <bdi>{customer.profile.username}</bdi>
          </dd>
        </div>
      )}
      {customer.names.map((name) => (
        <NameRow key={name.name} name={name} />
      ))}
    </dl>
  </section>
);
