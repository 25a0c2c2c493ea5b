import type { PageConfig } from '../../page-config.ts';

/** All tabs of the page in this browser. */
const CHANNEL = 'carewindow.sign-out';

/**
 * The address that ends the user's session at the issuer and comes back to the page, which then asks to sign in: in the
 * parameters of Cognito, and in those of OpenID Connect RP-Initiated Logout; each issuer ignores those of the other.
 */
const logoutAddress = (logoutUrl: string, clientId: string): string => {
  const url = new URL(logoutUrl);
  const page = `${location.origin}/`;
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('logout_uri', page);
  url.searchParams.set('post_logout_redirect_uri', page);
  return url.href;
};

/**
 * Answers how the user signs out, in all tabs at once; `undefined` where the issuer has no address for it.
 *
 * @param drop forgets the tokens of this tab
 */
export const createSignOut = (
  { logoutUrl, clientId }: PageConfig['signIn'],
  drop: () => void,
): (() => void) | undefined => {
  if (logoutUrl === undefined) return undefined;
  const tabs = new BroadcastChannel(CHANNEL);
  const leave = () => {
    drop();
    location.replace(logoutAddress(logoutUrl, clientId));
  };
  tabs.addEventListener('message', leave);
  return () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a broadcast stays within the origin of the page
    tabs.postMessage('signed out');
    leave();
  };
};
