import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { ProblemError, unwrap } from '../../../client/client.ts';
import { useConnected } from '../api/use-connected.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';

type ConsentState = 'opted_in' | 'opted_out';

/** Records what the customer said, and reads anew what depends on it. */
const useRecordConsent = ({ channel, customer }: Conversation) => {
  const { api, session } = useConnected();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { readonly state: ConsentState; readonly source: string; readonly text: string }) => {
      const { text, ...rest } = given;
      const body = { ...rest, actor: `agent:${session.userName()}`, ...(text === '' ? {} : { text }) };
      const path = '/v1/channels/{channel}/customers/{customer}/consent';
      return unwrap(api.PUT(path, { params: { path: { channel, customer } }, body }));
    },
    onSuccess: () => queries.invalidateQueries(),
  });
};

const reasonOf = (error: unknown): string =>
  error instanceof ProblemError ? error.problem.detail : strings.consent.failed;

interface ConsentFormProps {
  readonly conversation: Conversation;
  readonly state: ConsentState;
  readonly onRecorded?: () => void;
}

/** Records a consent: how it was given, and in which words. */
export const ConsentForm = ({ conversation, state, onRecorded }: ConsentFormProps) => {
  const id = useId();
  const [source, setSource] = useState('');
  const [text, setText] = useState('');
  const record = useRecordConsent(conversation);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate({ state, source: source.trim(), text: text.trim() }, { onSuccess: () => onRecorded?.() });
  };
  return (
    <form className="consent-form" onSubmit={submit}>
      <label className="field" htmlFor={`${id}-source`}>
        <span>{strings.consent.source}</span>
        <input
          id={`${id}-source`}
          required
          pattern=".*\S.*"
          maxLength={200}
          list={`${id}-sources`}
          placeholder={strings.consent.sourceExample}
          value={source}
          onChange={({ target }) => setSource(target.value)}
        />
        <datalist id={`${id}-sources`}>
          {strings.consent.sources.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
      <label className="field" htmlFor={`${id}-text`}>
        <span>{strings.consent.text}</span>
        <input id={`${id}-text`} maxLength={2_000} value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      {record.isError && <p role="alert">{reasonOf(record.error)}</p>}
      <button type="submit" className="button primary" disabled={record.isPending}>
        {state === 'opted_in' ? strings.consent.recordIn : strings.consent.recordOut}
      </button>
    </form>
  );
};
