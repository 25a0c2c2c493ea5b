import { createLog, type Log } from '../../functions/shared/runtime/log.ts';

/** The values of `LOG_LEVEL`, from the most lines to the fewest. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.some((level) => level === text);

const ignore = (): void => undefined;

/** The handlers' logs from a level on: metrics are written only with `info` lines, errors always. */
export const createLocalLog =
  (level: LogLevel) =>
  (service: string): Log => {
    const log = createLog(service, 'local');
    switch (level) {
      case 'debug':
      case 'info':
        return log;
      case 'warn':
        return { ...log, info: ignore, count: ignore, gauge: ignore };
      case 'error':
        return { ...log, info: ignore, warn: ignore, count: ignore, gauge: ignore };
    }
  };
