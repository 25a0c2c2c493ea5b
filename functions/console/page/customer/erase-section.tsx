import { type FormEvent, useState } from 'react';
import { ProblemError } from '../../../client/client.ts';
import { go } from '../route.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErasure } from './use-customer.ts';

interface EraseSectionProps {
  readonly conversation: Conversation;
  /** The canonical name, which the user types to confirm. */
  readonly customer: string;
}

/** Asks for the customer's name, typed by hand, before everything is removed. */
const EraseDialog = ({ conversation, customer, onClose }: EraseSectionProps & { readonly onClose: () => void }) => {
  const [typed, setTyped] = useState('');
  const erasure = useErasure(conversation);
  const isConfirmed = typed.replaceAll(/\s/g, '') === customer;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed) return;
    erasure.mutate(undefined, { onSuccess: () => go({ channel: conversation.channel, view: 'conversations' }) });
  };
  return (
    <Dialog title={strings.erase.title} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{strings.erase.what}</p>
        <label className="field">
          <span>{strings.erase.type(customer)}</span>
          <input autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
        </label>
        {erasure.isError && (
          <p role="alert">
            {erasure.error instanceof ProblemError ? erasure.error.problem.detail : strings.erase.failed}
          </p>
        )}
        <button type="submit" className="button danger" disabled={!isConfirmed || erasure.isPending}>
          {strings.erase.confirm}
        </button>
      </form>
    </Dialog>
  );
};

/** Removes everything that is kept of the customer. */
export const EraseSection = (props: EraseSectionProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <section>
      <button type="button" className="button danger" onClick={() => setOpen(true)}>
        <Icon name="trash" size={16} />
        {strings.erase.open}
      </button>
      {isOpen && <EraseDialog {...props} onClose={() => setOpen(false)} />}
    </section>
  );
};
