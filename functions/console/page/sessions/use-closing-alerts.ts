import { useEffect, useRef, useState } from 'react';
import { go } from '../route.ts';
import { strings } from '../strings.ts';
import { shownName } from '../ui/customer-name.ts';
import { isClosingSoon, isUnanswered } from './session-filter.ts';
import { type ListedSession, type SessionRow, secondsLeft } from './session-rows.ts';

/** Some browsers have no notifications. */
const CAN_NOTIFY = 'Notification' in globalThis;

const ENABLED_KEY = 'carewindow.notify';

/** So long before its end a session that no one has answered is reported. */
const NOTICE_SECONDS = 900;

const notify = (window: ListedSession): void => {
  const { channel, customer } = window;
  const title = window.profile?.name ?? shownName(window).text;
  const notice = new Notification(strings.sessions.noticeTitle(title), {
    tag: customer,
    body: strings.sessions.notice,
  });
  notice.addEventListener('click', () => {
    globalThis.focus();
    go({ channel, view: 'conversations', customer });
  });
};

/** The title of the tab counts the customers who wait and whose window closes within the hour. */
const useTitle = (waiting: number): void => {
  useEffect(() => {
    document.title = waiting === 0 ? strings.product : `(${waiting}) ${strings.product}`;
  }, [waiting]);
};

/** Reports sessions that are about to close unanswered: in the title of the tab and, where the user wants it, by the browser. */
export const useClosingAlerts = (rows: readonly SessionRow[], nowMs: number) => {
  const [isEnabled, setEnabled] = useState(
    () => CAN_NOTIFY && localStorage.getItem(ENABLED_KEY) === 'true' && Notification.permission === 'granted',
  );
  const reported = useRef(new Set<string>());
  const waiting = rows.filter(({ window }) => isUnanswered(window) && isClosingSoon(window, nowMs));
  useTitle(waiting.length);
  useEffect(() => {
    for (const { window } of waiting) {
      const key = `${window.customer} ${window.expiresAt}`;
      if (secondsLeft(window, nowMs) > NOTICE_SECONDS || reported.current.has(key)) continue;
      reported.current.add(key);
      if (isEnabled) notify(window);
    }
  });
  const toggle = async () => {
    const enabled = CAN_NOTIFY && !isEnabled && (await Notification.requestPermission()) === 'granted';
    localStorage.setItem(ENABLED_KEY, String(enabled));
    setEnabled(enabled);
  };
  return { isEnabled, toggle };
};
