import type { Vendor } from '../vendor.ts';
import { actionMessage } from './action.ts';
import { createApi } from './api.ts';
import { fileMessage } from './files.ts';
import { readWebhook } from './read-webhook.ts';
import { inboundWebhook, sign, statusWebhook } from './webhook.ts';

export const sinch: Vendor<'sinch'> = {
  title: 'Sinch',
  accountUrls: (origin) => ({ baseUrl: origin, authUrl: `${origin}/oauth2/token`, provisioningUrl: origin }),
  createApi,
  readWebhook,
  sign,
  fileMessage,
  actionMessage,
  inboundWebhook,
  statusWebhook,
};
