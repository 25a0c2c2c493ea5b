import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  /** What the user may do. */
  readonly children?: ReactNode;
}

/** Explains why there is nothing to see, and what to do. */
export const EmptyState = ({ icon, title, text, children }: EmptyStateProps) => (
  <div className="empty">
    <span className="empty-icon">
      <Icon name={icon} size={26} />
    </span>
    <h2>{title}</h2>
    <p>{text}</p>
    {children}
  </div>
);
