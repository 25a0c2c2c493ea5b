import { useState } from 'react';
import { strings } from './strings.ts';
import { Dialog } from './ui/dialog.tsx';
import { Icon } from './ui/icon.tsx';
import { useShortcut } from './ui/shortcuts.ts';

/** The keys of the page. */
export const Help = () => {
  const [isOpen, setOpen] = useState(false);
  useShortcut('?', () => setOpen(true));
  return (
    <>
      <button
        type="button"
        className="icon-button help"
        aria-label={strings.nav.help}
        title={strings.nav.help}
        onClick={() => setOpen(true)}
      >
        <Icon name="help" />
      </button>
      {isOpen && (
        <Dialog title={strings.nav.help} onClose={() => setOpen(false)}>
          <dl className="keys">
            {strings.keys.map(([key, what]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
};
