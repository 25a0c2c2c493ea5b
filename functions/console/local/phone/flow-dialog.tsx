import { type FormEvent, useState } from 'react';
import { Dialog } from '../../page/ui/dialog.tsx';
import { localStrings } from '../local-strings.ts';

const strings = localStrings.phone;

const EXAMPLE = '{\n  "day": "Tuesday"\n}';

const toObject = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

interface FlowDialogProps {
  readonly onSend: (response: object) => void;
  readonly onClose: () => void;
}

/** What the customer fills in a flow; its screens are the business's own, so the answers are written as JSON. */
export const FlowDialog = ({ onSend, onClose }: FlowDialogProps) => {
  const [text, setText] = useState(EXAMPLE);
  const response = toObject(text);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (response === undefined) return;
    onSend(response);
    onClose();
  };
  return (
    <Dialog title={strings.flowTitle} onClose={onClose}>
      <form onSubmit={send}>
        <label>
          {strings.flowLabel}
          <textarea rows={5} value={text} onChange={({ target }) => setText(target.value)} />
        </label>
        {response === undefined && <p role="alert">{strings.flowWrong}</p>}
        <button type="submit" className="button primary" disabled={response === undefined}>
          {strings.sendFlow}
        </button>
      </form>
    </Dialog>
  );
};
