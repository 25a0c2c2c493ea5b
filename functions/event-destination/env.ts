import * as z from 'zod';
import { ConfigEnv, RegionEnv } from '../shared/runtime/env.ts';

export const EventDestinationEnv = z.object({ ...ConfigEnv, ...RegionEnv });
