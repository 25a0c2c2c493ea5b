import { parseBody } from '../shared/http/request.ts';
import { ConsentRequest, toConsentChange } from './consent-request.ts';
import { readIfMatch } from './if-match.ts';
import { ofCustomer } from './path-parameters.ts';
import { consentAnswer } from './show-consent.ts';

/** Records a change of consent, while its version is that of If-Match, and shows the consent that is in force after it. */
export const changeConsent = ofCustomer(async ({ store, now, log }, { channel: { id: channel }, customer }, event) => {
  const versions = readIfMatch(event);
  if (!versions.ok) return versions.problem;
  const request = parseBody(ConsentRequest, event);
  if (!request.ok) return request.problem;
  const at = now();
  const change = toConsentChange(request.value, at);
  if (!change.ok) return change.problem;
  const record = { channel, customer, change: change.value, now: at };
  const { kind } = await (versions.value === undefined
    ? store.recordConsent(record)
    : store.recordConsentIfMatch(record, versions.value));
  if (kind === 'applied') log.count('ConsentsChanged');
  const consent = await store.readConsent(channel, customer);
  if (kind !== 'changed') return consentAnswer(consent, kind === 'older' ? kind : undefined);
  return {
    code: 'precondition_failed',
    detail: `The consent is not of the version that If-Match names, but of version ${consent.consentVersion}, and nothing was recorded: read it, and decide again.`,
  };
});
