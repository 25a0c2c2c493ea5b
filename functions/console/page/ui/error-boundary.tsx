import { Component, type ReactNode } from 'react';
import { strings } from '../strings.ts';
import { NotLoadedError } from './lazy-part.ts';
import { ReloadNotice } from './reload-notice.tsx';

interface ErrorBoundaryProps {
  /** The class of what stands in the place of the children. */
  readonly className: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error?: unknown;
}

/** Keeps what fails within it, while loading or rendering, from the rest of the page, and offers to load the page anew. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override readonly state: ErrorBoundaryState = {};

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { className, children } = this.props;
    if (!('error' in this.state)) return children;
    return (
      <div className={className} role="alert">
        <ReloadNotice
          {...(this.state.error instanceof NotLoadedError ? strings.fault.notLoaded : strings.fault.failed)}
        />
      </div>
    );
  }
}
