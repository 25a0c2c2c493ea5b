import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageConfig } from '../../../functions/console/page-config.ts';

interface SignIn {
  readonly signIn: (config: PageConfig['signIn']) => Promise<{
    readonly token: () => Promise<string>;
    readonly signOut: (() => void) | undefined;
  }>;
}
/** By its address, since tests are compiled without the types of a browser. */
const PAGE = new URL('../../../functions/console/page/api/sign-in.ts', import.meta.url).href;
const { signIn } = (await import(PAGE)) as SignIn;

const CONFIG = {
  authorizeUrl: 'https://sign-in.example.net/oauth2/authorize',
  tokenUrl: 'https://sign-in.example.net/oauth2/token',
  clientId: 'page',
  scope: 'carewindow/read',
};

/** A browser that opens the page with this query, after a sign-in that was started with the state `begun`. */
const open = (search: string, answer: () => Response) => {
  const kept = new Map([['carewindow.sign-in', '{"state":"begun","verifier":"of-the-page","hash":"#/support"}']]);
  const replace = vi.fn<(url: string) => void>();
  const fetched = vi.fn<(url: string, init: { body: URLSearchParams }) => Promise<Response>>(async () => answer());
  vi.stubGlobal('location', { origin: 'https://care.example.com', search, hash: '', replace });
  vi.stubGlobal('history', { replaceState: vi.fn() });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  vi.stubGlobal('fetch', fetched);
  return { replace, fetched };
};

const tokens = (access: string, lifetime: number) =>
  Response.json({ access_token: access, refresh_token: 'refresh', expires_in: lifetime });

describe('the sign-in of the page', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('redeems the code with its verifier, without a secret, and replaces the token before it expires', async () => {
    const answers = [tokens('first', 3600), tokens('second', 3600)];
    const { replace, fetched } = open('?code=abc&state=begun', () => answers.shift() ?? Response.error());

    const session = await signIn(CONFIG);

    expect(await session.token()).toBe('first');
    expect(Object.fromEntries(fetched.mock.calls[0]?.[1].body ?? [])).toEqual({
      client_id: 'page',
      grant_type: 'authorization_code',
      code: 'abc',
      code_verifier: 'of-the-page',
      redirect_uri: 'https://care.example.com/',
    });
    vi.advanceTimersByTime(3_541_000);
    expect(await session.token()).toBe('second');
    expect(replace).not.toHaveBeenCalled();
  });

  it('leaves for the issuer where the state is not the one that it began with', async () => {
    const { replace, fetched } = open('?code=abc&state=forged', () => tokens('never', 3600));

    void signIn(CONFIG);

    await vi.waitFor(() => expect(replace).toHaveBeenCalledTimes(1));
    expect(replace.mock.calls[0]?.[0]).toContain('code_challenge_method=S256');
    expect(fetched).not.toHaveBeenCalled();
  });

  it('drops its tokens and ends the session at the issuer, in every tab, when the user signs out', async () => {
    const tabs: { readonly leave: () => void }[] = [];
    const channel = class {
      addEventListener(_: string, leave: () => void) {
        tabs.push({ leave });
      }
      postMessage() {
        for (const { leave } of tabs.slice(1)) leave();
      }
    };
    const openTab = () => open('?code=abc&state=begun', () => tokens('first', 3600));
    openTab();
    vi.stubGlobal('BroadcastChannel', channel);
    const config = { ...CONFIG, logoutUrl: 'https://sign-in.example.net/logout' };
    const first = await signIn(config);
    const { replace } = openTab();
    const second = await signIn(config);

    first.signOut?.();

    const address = new URL(replace.mock.calls[0]?.[0] ?? '');
    expect(address.origin + address.pathname).toBe('https://sign-in.example.net/logout');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: 'page',
      logout_uri: 'https://care.example.com/',
    });
    expect(replace).toHaveBeenCalledTimes(2);
    await expect(first.token()).rejects.toThrow('refresh token');
    await expect(second.token()).rejects.toThrow('refresh token');
  });

  it('has no way to sign out where the issuer has no address for it', async () => {
    open('?code=abc&state=begun', () => tokens('first', 3600));

    expect((await signIn(CONFIG)).signOut).toBeUndefined();
  });

  it.each([
    ['refuses', '?error=invalid_scope&state=begun'],
    ['gives no token', '?code=abc&state=begun'],
  ])('says so and stays where the issuer %s, instead of going round and round', async (_, search) => {
    const { replace } = open(search, () => new Response('{}', { status: 400 }));

    await expect(signIn(CONFIG)).rejects.toThrow(/issuer|token endpoint/);
    expect(replace).not.toHaveBeenCalled();
  });
});
