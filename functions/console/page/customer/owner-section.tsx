import { ProblemError } from '../../../client/client.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { fullTime } from '../ui/format.ts';
import { type Owner, useOwnerChange } from './use-customer.ts';

interface OwnerSectionProps {
  readonly conversation: Conversation;
  readonly owner: Owner | null;
}

/** Who holds the conversation; a bot does not write while a person does. */
export const OwnerSection = ({ conversation, owner }: OwnerSectionProps) => {
  const change = useOwnerChange(conversation);
  return (
    <section>
      <h3>{strings.owner.label}</h3>
      <p>
        {owner === null
          ? strings.owner.none
          : strings.owner.held(strings.owner.names[owner.kind] ?? owner.kind, fullTime(owner.since))}
      </p>
      <div className="actions">
        {owner?.kind !== 'person' && (
          <button
            type="button"
            className="button"
            disabled={change.isPending}
            onClick={() => change.mutate({ action: 'take', seen: owner })}
          >
            {strings.owner.take}
          </button>
        )}
        {owner !== null && (
          <button
            type="button"
            className="button"
            disabled={change.isPending}
            onClick={() => change.mutate({ action: 'release', seen: owner })}
          >
            {strings.owner.release}
          </button>
        )}
      </div>
      {change.isError && (
        <p role="alert">{change.error instanceof ProblemError ? change.error.problem.detail : strings.owner.failed}</p>
      )}
    </section>
  );
};
