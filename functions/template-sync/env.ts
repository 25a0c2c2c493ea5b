import * as z from 'zod';
import { ConfigEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const TemplateSyncEnv = z.object({ ...TableEnv, ...ConfigEnv, ...SecretsEnv });
