import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Icon } from '../ui/icon.tsx';
import { ConsentSection } from './consent-section.tsx';
import { EraseSection } from './erase-section.tsx';
import { NamesSection } from './names-section.tsx';
import { OwnerSection } from './owner-section.tsx';
import { PastSection } from './past-section.tsx';
import { useCustomer } from './use-customer.ts';

interface CustomerPaneProps {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

const Slot = ({ available, usedAt }: { readonly available: boolean; readonly usedAt: string | null }) => (
  <section>
    <h3>{strings.customer.slot}</h3>
    <p>{available ? strings.customer.slotFree : strings.customer.slotUsed(usedAt)}</p>
  </section>
);

/** Who the customer is, and what may be done with what is known of them. */
export const CustomerPane = ({ conversation, onClose }: CustomerPaneProps) => {
  const { data: customer, isPending } = useCustomer(conversation);
  return (
    <aside className="customer-pane" aria-label={strings.customer.label}>
      <header>
        <h2>{strings.customer.label}</h2>
        <button type="button" className="icon-button" aria-label={strings.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {isPending && <p className="muted">{strings.customer.loading}</p>}
      {customer !== undefined && (
        <>
          <NamesSection customer={customer} />
          <OwnerSection conversation={conversation} owner={customer.owner} />
          <ConsentSection conversation={conversation} />
          <Slot available={customer.reengagement.available} usedAt={customer.reengagement.usedAt} />
          <PastSection conversation={conversation} />
          <EraseSection conversation={conversation} customer={customer.customer} />
        </>
      )}
    </aside>
  );
};
