import { useQueryClient } from '@tanstack/react-query';
import { useNow } from '../page/api/use-now.ts';
import { fullTime } from '../page/ui/format.ts';
import { Icon } from '../page/ui/icon.tsx';
import { callLocal } from './call-local.ts';
import { localStrings } from './local-strings.ts';

/** The service's clock, and how to move it. */
export const TimeBar = () => {
  const nowMs = useNow();
  const queries = useQueryClient();
  const move = async (request: object) => {
    await callLocal('POST', 'clock', request);
    await queries.invalidateQueries();
  };
  return (
    <section className="time-bar" aria-label={localStrings.time.label}>
      <Icon name="clock" />
      <time dateTime={new Date(nowMs).toISOString()}>{fullTime(nowMs)}</time>
      <button type="button" className="button" onClick={() => void move({ advanceSeconds: 3_600 })}>
        {localStrings.time.hour}
      </button>
      <button type="button" className="button" onClick={() => void move({ reset: true })}>
        {localStrings.time.now}
      </button>
    </section>
  );
};
