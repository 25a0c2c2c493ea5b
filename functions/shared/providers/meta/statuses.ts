import type { Channel } from '../../domain/config.ts';
import { REPLACES, type ReportedStatus } from '../../domain/status.ts';
import type { ProviderError, WebhookItem } from '../provider.ts';
import { toProviderError } from './errors.ts';
import { ignored, unreadable } from './items.ts';
import { Status, StatusKind, WireError } from './schema.ts';
