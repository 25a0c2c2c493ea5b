import { strings } from '../strings.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const long = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A time of day in the viewer's zone. */
export const timeOfDay = (at: string | number): string => clock.format(new Date(at));

/** A day in the viewer's zone. */
export const dayOf = (at: string | number): string => day.format(new Date(at));

/** A day, written out. */
export const longDay = (at: string | number): string => long.format(new Date(at));

/** Date and time in the viewer's zone. */
export const fullTime = (at: string | number): string => full.format(new Date(at));

/** Day and time of day; the day only where it is another one than now. */
export const shortTime = (at: string | number, nowMs: number): string =>
  dayOf(at) === dayOf(nowMs) ? timeOfDay(at) : `${dayOf(at)}, ${timeOfDay(at)}`;

const two = (value: number): string => String(value).padStart(2, '0');

/** A time that runs: `23 h 59 m`, within the last hour `59:59`. */
export const countdown = (seconds: number): string => {
  const left = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60)];
  return hours > 0 ? strings.time.hoursMinutes(hours, minutes) : `${minutes}:${two(left % 60)}`;
};

/** A time that runs, as it is read out. */
export const spokenDuration = (seconds: number): string => {
  const left = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60)];
  return strings.time.spoken(hours, minutes, left % 60);
};

/** A time that has passed: `now`, `5 min`, `3 h`, `2 d`. */
export const ago = (at: string, nowMs: number): string => {
  const seconds = Math.max(0, (nowMs - Date.parse(at)) / 1000);
  if (seconds < 60) return strings.time.justNow;
  if (seconds < 3600) return strings.time.minutesAgo(Math.floor(seconds / 60));
  return seconds < 86_400
    ? strings.time.hoursAgo(Math.floor(seconds / 3600))
    : strings.time.daysAgo(Math.floor(seconds / 86_400));
};

/** The size of a file. */
export const bytes = (size: number): string => {
  if (size < 1_000) return `${size} B`;
  return size < 1_000_000 ? `${Math.round(size / 1_000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
};

/** A price category as it is shown: what is not charged today may be charged tomorrow, so it is not called free. */
export const priceName = (category: string): string =>
  category
    .replace(/^free_/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
