import { type KeyboardEvent, useState } from 'react';
import { Icon, type IconName } from '../page/ui/icon.tsx';
import { FaultsPanel } from './faults-panel.tsx';
import type { LocalPanelsProps } from './local-panels-props.ts';
import { localStrings } from './local-strings.ts';
import { PhonePanel } from './phone/phone-panel.tsx';
import { StoriesPanel } from './stories-panel.tsx';
import { TimeBar } from './time/time-bar.tsx';
import { WirePanel } from './wire/wire-panel.tsx';
import './local.css';
import './phone.css';

const TABS = [
  { name: 'phone', icon: 'phone', Panel: PhonePanel },
  { name: 'faults', icon: 'alert', Panel: FaultsPanel },
  { name: 'stories', icon: 'book', Panel: StoriesPanel },
  { name: 'wire', icon: 'list', Panel: WirePanel },
] as const satisfies readonly { readonly name: string; readonly icon: IconName; readonly Panel: unknown }[];
type TabName = (typeof TABS)[number]['name'];

/** The arrow keys choose the tab, as in every list of tabs. */
const stepOf = ({ key }: KeyboardEvent): number => (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0);

const TabList = ({ chosen, onChoose }: { readonly chosen: TabName; readonly onChoose: (name: TabName) => void }) => {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const index = TABS.findIndex(({ name }) => name === chosen) + stepOf(event);
    const next = TABS[(index + TABS.length) % TABS.length];
    if (next === undefined || next.name === chosen) return;
    onChoose(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#local-tab-${next.name}`)?.focus();
  };
  return (
    <div className="local-tabs" role="tablist" aria-label={localStrings.label} onKeyDown={move}>
      {TABS.map(({ name, icon }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`local-tab-${name}`}
          aria-selected={name === chosen}
          aria-controls="local-panel"
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          <Icon name={icon} size={16} />
          {localStrings.tabs[name]}
        </button>
      ))}
    </div>
  );
};

/** What only the local run has: the bar of time above the page; beside it a phone, faults, stories and the wire. */
export const LocalPanels = (props: LocalPanelsProps) => {
  const [chosen, setChosen] = useState<TabName>('phone');
  const Panel = TABS.find(({ name }) => name === chosen)?.Panel ?? PhonePanel;
  return (
    <>
      <TimeBar {...props} />
      <aside className="local-side" aria-label={localStrings.label}>
        <TabList chosen={chosen} onChoose={setChosen} />
        <div id="local-panel" className="local-panel" role="tabpanel" aria-labelledby={`local-tab-${chosen}`}>
          <Panel {...props} />
        </div>
      </aside>
    </>
  );
};
