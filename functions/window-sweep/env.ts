import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const WindowSweepEnv = z.object({ ...TableEnv, ...ConfigEnv });
