import * as z from 'zod';
import { Instant } from './instant.ts';

/**
 * The ad or post through which the customer came last (click-to-WhatsApp). It may change what answers cost; no decision
 * depends on it.
 */
export interface EntryPoint {
  /** As the provider names it: `ad`, `post`. */
  readonly source: string;
  /** The provider's id of the ad or post. */
  readonly id?: string | undefined;
  /** Whole epoch seconds of the message that came through it. */
  readonly at: number;
}

/** An entry point as the API shows it. */
export const EntryPointView = z.object({ source: z.string(), id: z.string().optional(), at: Instant });
