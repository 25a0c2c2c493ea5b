import type { LocalPanelsProps } from './local-panels-props.ts';
import { PhonePanel } from './phone-panel.tsx';
import { TimeBar } from './time-bar.tsx';
import './local.css';

/** What only the local run has: the bar of time above the page, and a customer's phone beside it. */
export const LocalPanels = (props: LocalPanelsProps) => (
  <>
    <TimeBar />
    <PhonePanel {...props} />
  </>
);
