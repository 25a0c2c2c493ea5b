import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { LocalState, type LocalStateStore } from '../state/local-state.ts';
import { localRoute, withBody } from './local-route.ts';

/** Files come in base64; a text of V8 has at most 512 MB. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/** The whole state of the local run as a file. */
export const stateRoutes = ({ save, load }: LocalStateStore): readonly FrontRoute[] => {
  const download = async () => {
    const state = await save();
    const name = `carewindow-${state.clock.now.replaceAll(':', '-').slice(0, 19)}.json`;
    const { headers, ...answer } = json(200, state);
    return { ...answer, headers: { ...headers, 'content-disposition': `attachment; filename="${name}"` } };
  };
  const upload = async (state: LocalState) => {
    const loaded = await load(state);
    return loaded.ok
      ? json(200, { now: state.clock.now, items: state.table.length, files: state.files.length })
      : loaded.problem;
  };
  return [
    localRoute('GET', 'state', download),
    { ...localRoute('PUT', 'state', withBody(LocalState, upload, MAX_STATE_BYTES)), maxBodyBytes: MAX_STATE_BYTES },
  ];
};
