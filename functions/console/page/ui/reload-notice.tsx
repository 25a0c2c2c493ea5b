import { strings } from '../strings.ts';
import { EmptyState } from './empty-state.tsx';
import type { IconName } from './icon.tsx';

interface ReloadNoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

/** Why there is nothing to see, and the way out: to load the page anew. */
export const ReloadNotice = (props: ReloadNoticeProps) => (
  <EmptyState {...props}>
    <button type="button" className="button primary" onClick={() => location.reload()}>
      {strings.fault.reload}
    </button>
  </EmptyState>
);
