import { strings } from './strings.ts';
import { EmptyState } from './ui/empty-state.tsx';

/** What the page shows when the service does not answer at its start. */
export const StartFailed = () => (
  <main className="start-failed">
    <EmptyState icon="offline" title={strings.start.failed} text={strings.start.failedWhy}>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {strings.start.again}
      </button>
    </EmptyState>
  </main>
);
