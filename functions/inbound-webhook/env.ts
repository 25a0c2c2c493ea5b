import * as z from 'zod';
import { ConfigEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const InboundWebhookEnv = z.object({ ...TableEnv, ...ConfigEnv, ...SecretsEnv });
