import * as z from 'zod';
import { ConfigEnv, RegionEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const TemplateSyncEnv = z.object({ ...TableEnv, ...ConfigEnv, ...SecretsEnv, ...RegionEnv });
