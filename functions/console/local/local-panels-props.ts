/** What the page tells the panels of the local run. */
export interface LocalPanelsProps {
  readonly channel: string;
  /** Whose conversation is open. */
  readonly customer: string | undefined;
}
