import { CONSENT, ERASURES, NAMES } from './planted/people.ts';
import type { Planted } from './planted/planted.ts';
import { SENDS, STATUSES } from './planted/sends.ts';
import { STREAM, SWEEP } from './planted/time.ts';
import { WINDOW } from './planted/window.ts';

export const PLANTED: readonly Planted[] = [
  ...WINDOW,
  ...SENDS,
  ...STATUSES,
  ...CONSENT,
  ...NAMES,
  ...SWEEP,
  ...STREAM,
  ...ERASURES,
];
