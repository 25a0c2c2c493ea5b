import type { ReactNode } from 'react';
import type { Channel } from './api/use-channels.ts';
import { useConnected } from './api/use-connected.ts';
import { forgetTyped } from './composer/drafts.ts';
import { Help } from './help.tsx';
import { go, hrefOf, VIEWS, type View } from './route.ts';
import { strings } from './strings.ts';
import { Icon, type IconName } from './ui/icon.tsx';

const ICONS: Readonly<Record<View, IconName>> = { conversations: 'chat', usage: 'chart', events: 'bell' };

interface ChannelSwitchProps {
  readonly channels: readonly Channel[];
  readonly channel: string | undefined;
  readonly view: View;
}

const ChannelSwitch = ({ channels, channel, view }: ChannelSwitchProps) => (
  <label className="channel-switch">
    <span className="visually-hidden">{strings.nav.channel}</span>
    <select value={channel} onChange={({ target }) => go({ channel: target.value, view })}>
      {channels.map(({ id }) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  </label>
);

/** Nothing where the issuer has no address for it, as in the local run, which signs in by itself. */
const SignOut = () => {
  const { signOut, userName } = useConnected().session;
  if (signOut === undefined) return undefined;
  const label = strings.nav.signOut(userName());
  const leave = () => {
    forgetTyped();
    signOut();
  };
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={leave}>
      <Icon name="sign_out" />
    </button>
  );
};

/** The views of the page, and the channel that they show. */
export const NavRail = ({
  channels,
  channel,
  view,
  children,
}: ChannelSwitchProps & { readonly children?: ReactNode }) => (
  <nav className="rail" aria-label={strings.nav.label}>
    <span className="brand">{strings.product}</span>
    <ChannelSwitch channels={channels} channel={channel} view={view} />
    {VIEWS.map((one) => (
      <a key={one} href={hrefOf({ channel, view: one })} aria-current={view === one ? 'page' : undefined}>
        <Icon name={ICONS[one]} />
        <span>{strings.nav[one]}</span>
      </a>
    ))}
    <span className="rail-end">
      {children}
      <Help />
      <SignOut />
    </span>
  </nav>
);
