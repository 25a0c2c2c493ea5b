import { connection } from './api/connection.ts';
import { startSignIn } from './api/sign-in.ts';
import { useSignal } from './api/signal.ts';
import { useConnected } from './api/use-connected.ts';
import { strings } from './strings.ts';
import { Icon } from './ui/icon.tsx';

/** Says when the service does not answer, or wants to know the user anew. */
export const ConnectionBanner = () => {
  const state = useSignal(connection);
  const { config } = useConnected();
  return (
    <div className={`banner ${state}`} role="status">
      {state === 'lost' && (
        <>
          <Icon name="offline" />
          {strings.connection.lost}
        </>
      )}
      {state === 'signed_out' && (
        <>
          <Icon name="lock" />
          {strings.connection.signedOut}
          <button type="button" className="button" onClick={() => void startSignIn(config.signIn)}>
            {strings.connection.signIn}
          </button>
        </>
      )}
    </div>
  );
};
