import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const InboundQueueEnv = z.object({ ...TableEnv, ...ConfigEnv });

/** What one batch may take; API calls of the store are limited far below it. */
export const TIMEOUT_SECONDS = 30;

/** Six times the timeout, as AWS advises for a queue that starts a Lambda. */
export const VISIBILITY_SECONDS = 6 * TIMEOUT_SECONDS;

/** After so many failed receives an event moves to the dead-letter queue. */
export const MAX_RECEIVES = 5;
