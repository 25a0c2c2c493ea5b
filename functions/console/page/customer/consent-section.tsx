import { useState } from 'react';
import { ConsentForm } from '../composer/consent-form.tsx';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { fullTime } from '../ui/format.ts';
import { useConsent } from './use-customer.ts';

type Consent = NonNullable<ReturnType<typeof useConsent>['data']>;

const History = ({ history }: { readonly history: Consent['history'] }) => (
  <details>
    <summary>{strings.consent.history(history.length)}</summary>
    <ol className="history">
      {history.map(({ state, scope, source, actor, text, effectiveAt }) => (
        <li key={`${effectiveAt} ${scope} ${state} ${source}`}>
          <strong>
            {strings.events.consents[`${scope}.${state}`] ?? state}, {fullTime(effectiveAt)}
          </strong>
          <span className="muted">
            <bdi>{strings.consent.by(source ?? '', actor ?? '')}</bdi>
          </span>
          {text !== null && <q>{text}</q>}
        </li>
      ))}
    </ol>
  </details>
);

/** The consent in force, how it came about, and how to record another. */
export const ConsentSection = ({ conversation }: { readonly conversation: Conversation }) => {
  const { data: consent } = useConsent(conversation);
  const [recording, setRecording] = useState<'opted_in' | 'opted_out'>();
  if (consent === undefined) return undefined;
  return (
    <section>
      <h3>{strings.consent.label}</h3>
      <p>
        <span className={`tag ${consent.state === 'opted_out' ? 'now' : ''}`}>
          {strings.consent.states[consent.state]}
        </span>
        {consent.marketing !== undefined && (
          <span className="tag">{strings.consent.marketing(strings.consent.states[consent.marketing.state])}</span>
        )}
      </p>
      {consent.history.length > 0 && <History history={consent.history} />}
      {recording === undefined ? (
        <div className="actions">
          <button type="button" className="button" onClick={() => setRecording('opted_in')}>
            {strings.consent.recordIn}
          </button>
          <button type="button" className="button" onClick={() => setRecording('opted_out')}>
            {strings.consent.recordOut}
          </button>
        </div>
      ) : (
        <ConsentForm conversation={conversation} state={recording} onRecorded={() => setRecording(undefined)} />
      )}
    </section>
  );
};
