import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../page/ui/dialog.tsx';
import { fullTime } from '../../page/ui/format.ts';
import { Icon } from '../../page/ui/icon.tsx';
import { callLocal } from '../call-local.ts';
import type { WireEntry } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import { toCurl } from './curl.ts';

const strings = localStrings.wire;

const CopyAsCurl = ({ entry }: { readonly entry: WireEntry }) => {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(toCurl(entry, location.origin));
    setIsCopied(true);
  };
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <Icon name="copy" size={16} />
      {isCopied ? strings.copied : strings.curl}
    </button>
  );
};

/** Sends a webhook again: as it was, twice, or edited and signed anew. */
const Resend = ({ entry }: { readonly entry: WireEntry }) => {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<string>();
  const send = useMutation({
    mutationFn: (request: object) =>
      callLocal<{ readonly statuses: readonly number[] }>('POST', `wire/${entry.id}/send`, request),
    onSettled: () => void queries.invalidateQueries(),
  });
  return (
    <>
      <div className="wire-actions">
        <button type="button" className="button" onClick={() => send.mutate({})}>
          {strings.again}
        </button>
        <button type="button" className="button" onClick={() => send.mutate({ times: 2 })}>
          {strings.twice}
        </button>
        <button type="button" className="button" onClick={() => setDraft(draft ?? entry.body)}>
          {strings.edit}
        </button>
        <CopyAsCurl entry={entry} />
        <span role="status">
          {send.data !== undefined && strings.sent(send.data.statuses)}
          {send.isError && send.error.message}
        </span>
      </div>
      {draft !== undefined && (
        <label>
          {strings.edit}
          <textarea rows={10} value={draft} spellCheck={false} onChange={({ target }) => setDraft(target.value)} />
          <button type="button" className="button primary" onClick={() => send.mutate({ body: draft })}>
            {strings.sendEdited}
          </button>
        </label>
      )}
    </>
  );
};

/** One request on the wire, byte for byte. */
export const WireDialog = ({ entry, onClose }: { readonly entry: WireEntry; readonly onClose: () => void }) => {
  const { kind, method, path, query, at, signature, status, headers, body, bytes, answer } = entry;
  const canResend = kind === 'webhook' && method === 'POST';
  return (
    <Dialog title={`${method} ${path}${query}`} onClose={onClose}>
      <div className="wire-entry">
        <p>
          {fullTime(at)}
          <span className={`wire-signature ${signature}`}>{strings.signature[signature]}</span>
          <span className="tag">{status ?? strings.unanswered}</span>
        </p>
        {canResend ? (
          <Resend entry={entry} />
        ) : (
          <div className="wire-actions">
            <CopyAsCurl entry={entry} />
          </div>
        )}
        <h3>{strings.headers}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard */}
        <pre tabIndex={0}>
          {Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        </pre>
        <h3>{strings.body(bytes)}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard */}
        <pre tabIndex={0}>{body}</pre>
        <h3>{strings.answer}</h3>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard */}
        <pre tabIndex={0}>{answer}</pre>
      </div>
    </Dialog>
  );
};
