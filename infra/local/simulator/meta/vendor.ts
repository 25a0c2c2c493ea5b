import type { Vendor } from '../vendor.ts';
import { actionMessage } from './action.ts';
import { createApi } from './api.ts';
import { fileMessage } from './files.ts';
import { readWebhook } from './read-webhook.ts';
import { inboundWebhook, merge, sign, statusWebhook } from './webhook.ts';

export const meta: Vendor<'meta'> = {
  title: 'Meta',
  accountUrls: (origin) => ({ baseUrl: origin, threadControlUrl: origin }),
  createApi,
  readWebhook,
  sign,
  merge,
  fileMessage,
  actionMessage,
  inboundWebhook,
  statusWebhook,
};
