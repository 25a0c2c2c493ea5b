import { actionMessage } from '../meta/action.ts';
import type { Vendor } from '../vendor.ts';
import { createApi } from './api.ts';
import { fileMessage, inboundWebhook, readWebhook, sign, statusWebhook } from './event.ts';

export const awsSocial: Vendor<'aws-social'> = {
  title: 'AWS End User Messaging Social',
  accountUrls: (origin) => ({ baseUrl: origin }),
  createApi,
  readWebhook,
  sign,
  fileMessage,
  actionMessage,
  inboundWebhook,
  statusWebhook,
};
