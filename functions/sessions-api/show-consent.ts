import type { HttpResponse } from '../shared/http/handler.ts';
import { json } from '../shared/http/respond.ts';
import { toConsentView } from './consent-view.ts';
import { type ChannelCustomer, ofCustomer } from './path-parameters.ts';
import type { StoreRuntime } from './store.ts';

/** Reads the stored consent and answers with it. */
export const answerConsent = async (
  { store }: StoreRuntime,
  { channel, customer }: ChannelCustomer,
): Promise<HttpResponse> => json(200, toConsentView(await store.readConsent(channel.id, customer)));

/** Shows a customer's consent with its history; the consent of an unknown customer is `unknown`. */
export const showConsent = ofCustomer(answerConsent);
