import type { HttpResponse } from '../shared/http/handler.ts';
import { json } from '../shared/http/respond.ts';
import type { CustomerConsent } from '../shared/store/customer/read-consent.ts';
import { type ConsentView, toConsentView } from './consent-view.ts';
import { toEtag } from './if-match.ts';
import { ofCustomer } from './path-parameters.ts';

/** Answers with a customer's consent; the ETag is its version, for If-Match. */
export const consentAnswer = (consent: CustomerConsent, outcome?: ConsentView['outcome']): HttpResponse => {
  const { headers, ...response } = json(200, { ...toConsentView(consent), ...(outcome ? { outcome } : {}) });
  return { ...response, headers: { ...headers, etag: toEtag(consent.consentVersion) } };
};

/** Shows a customer's consent with its history; the consent of an unknown customer is `unknown`. */
export const showConsent = ofCustomer(async ({ store }, { channel, customer }) =>
  consentAnswer(await store.readConsent(channel.id, customer)),
);
