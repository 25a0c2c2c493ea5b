import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const SessionsApiEnv = z.object({ ...TableEnv, ...ConfigEnv });
