import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ProblemError, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { strings } from '../strings.ts';

type Outcome = 'sent' | 'not_sent';

/** Settles a send in doubt by hand. */
export const Settle = ({ id }: { readonly id: string }) => {
  const { api } = useConnected();
  const queries = useQueryClient();
  const settle = useMutation({
    mutationFn: (outcome: Outcome) =>
      unwrap(api.POST('/v1/messages/{id}/resolve', { params: { path: { id } }, body: { outcome } })),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="settle">
      <p>{strings.doubt.text}</p>
      <button type="button" className="button" disabled={settle.isPending} onClick={() => settle.mutate('sent')}>
        {strings.doubt.sent}
      </button>
      <button type="button" className="button" disabled={settle.isPending} onClick={() => settle.mutate('not_sent')}>
        {strings.doubt.notSent}
      </button>
      {settle.isError && (
        <p role="alert">{settle.error instanceof ProblemError ? settle.error.problem.detail : strings.doubt.failed}</p>
      )}
    </div>
  );
};
