import { useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useState } from 'react';
import { Icon } from '../../page/ui/icon.tsx';
import { loadState } from '../call-local.ts';
import { localStrings } from '../local-strings.ts';

const strings = localStrings.time;

/** Saves the whole local state as a file, and loads one. */
export const StateFile = () => {
  const queries = useQueryClient();
  const [outcome, setOutcome] = useState('');
  const load = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    setOutcome(
      await loadState(file).then(
        () => strings.loaded,
        (error: Error) => error.message,
      ),
    );
    target.value = '';
    await queries.invalidateQueries();
  };
  return (
    <div className="state-file">
      <span role="status" className="muted">
        {outcome}
      </span>
      <a className="button" href="/_local/state" download title={strings.saveWhy}>
        <Icon name="file" size={16} />
        {strings.save}
      </a>
      <label className="button">
        <Icon name="refresh" size={16} />
        {strings.load}
        <input
          type="file"
          className="visually-hidden"
          accept="application/json"
          onChange={(event) => void load(event)}
        />
      </label>
    </div>
  );
};
