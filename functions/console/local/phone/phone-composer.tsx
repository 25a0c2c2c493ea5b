import type { UseMutationResult } from '@tanstack/react-query';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { Icon, type IconName } from '../../page/ui/icon.tsx';
import type { PhoneMessage } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';
import { chosenFile, sampleContact, sampleLocation, samplePhoto, voiceNote } from './attachments.ts';
import type { Action, Written } from './use-phone-screen.ts';

const strings = localStrings.phone;

const ACTIONS: readonly (readonly [name: string, icon: IconName, make: () => Action])[] = [
  [strings.sample, 'picture', samplePhoto],
  [strings.voice, 'audio', voiceNote],
  [strings.location, 'pin', sampleLocation],
  [strings.contact, 'contact', sampleContact],
  [strings.call, 'phone', () => ({ call: { event: 'connect' } })],
];

const CALL_SECONDS = 30;

interface PhoneComposerProps {
  readonly act: UseMutationResult<Written, Error, Action>;
  readonly quoted: PhoneMessage | undefined;
  readonly onUnquote: () => void;
}

const ActionBar = ({ onAct }: { readonly onAct: (action: Action) => void }) => {
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file !== undefined) onAct(await chosenFile(file));
    target.value = '';
  };
  return (
    <fieldset className="phone-more" aria-label={strings.more}>
      {ACTIONS.map(([name, icon, make]) => (
        <button
          key={name}
          type="button"
          className="icon-button"
          aria-label={name}
          title={name}
          onClick={() => onAct(make())}
        >
          <Icon name={icon} size={17} />
        </button>
      ))}
      <button type="button" className="icon-button phone-stop" onClick={() => onAct({ text: strings.stop })}>
        {strings.stop}
      </button>
      <label className="icon-button" title={strings.photo}>
        <Icon name="paperclip" size={17} />
        <span className="visually-hidden">{strings.photo}</span>
        <input type="file" className="visually-hidden" onChange={(event) => void choose(event)} />
      </label>
    </fieldset>
  );
};

/** A call that was begun and not hung up. */
const Ringing = ({ act: { variables, data, mutate } }: Pick<PhoneComposerProps, 'act'>) => {
  if (data === undefined || variables?.call?.event !== 'connect') return null;
  return (
    <p className="phone-quoted">
      <span>{strings.calling}</span>
      <button
        type="button"
        className="button danger"
        onClick={() => mutate({ id: data.messageId, call: { event: 'terminate', seconds: CALL_SECONDS } })}
      >
        {strings.hangUp}
      </button>
    </p>
  );
};

/** Where the customer writes. */
export const PhoneComposer = ({ act, quoted, onUnquote }: PhoneComposerProps) => {
  const [text, setText] = useState('');
  const write = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(quoted === undefined ? { text } : { text, replyTo: quoted.id });
    setText('');
    onUnquote();
  };
  return (
    <form className="phone-composer" onSubmit={write}>
      {act.isError && <p role="alert">{act.error.message}</p>}
      <Ringing act={act} />
      {act.data?.webhook.heldBy !== undefined && <p role="status">{strings.held}</p>}
      {quoted !== undefined && (
        <p className="phone-quoted">
          <span>
            {strings.quoting} <bdi>{quoted.text ?? quoted.type}</bdi>
          </span>
          <button type="button" className="icon-button" aria-label={strings.dropQuote} onClick={onUnquote}>
            <Icon name="close" size={14} />
          </button>
        </p>
      )}
      <ActionBar onAct={act.mutate} />
      <div className="phone-write">
        <input
          aria-label={strings.text}
          placeholder={strings.text}
          value={text}
          required
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit" className="icon-button primary" aria-label={strings.write} title={strings.write}>
          <Icon name="send" size={18} />
        </button>
      </div>
    </form>
  );
};
