import { authorization, consolePage, deliveryRetry, readingCalls, webhookSecurity } from './caller-stories.ts';
import { eventDestination } from './event-destination-stories.ts';
import { customerFile, ownFile } from './file-stories.ts';
import { sendAndRefusal, webhookToDelivery } from './first-stories.ts';
import { botAndPerson, optOut, otherProviders, readTemplates, twoNames, windowEnds } from './session-stories.ts';
import type { Story } from './story.ts';
import { poisonedRecord } from './stream-stories.ts';

/** Every story, in the order in which they are played. */
export const STORIES: readonly Story[] = [
  eventDestination,
  webhookToDelivery,
  sendAndRefusal,
  readTemplates,
  windowEnds,
  optOut,
  botAndPerson,
  otherProviders,
  twoNames,
  authorization,
  consolePage,
  webhookSecurity,
  deliveryRetry,
  readingCalls,
  customerFile,
  ownFile,
  // It lets a day pass for the queues and the stream.
  poisonedRecord,
];
