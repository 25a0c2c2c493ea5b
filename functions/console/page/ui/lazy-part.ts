import { type ComponentType, lazy } from 'react';

/** A part of the page whose file could not be loaded. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';
}

/** A component in a file of its own. @throws a NotLoadedError when it is rendered and its file could not be loaded */
export const lazyPart = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazy(async () => {
    try {
      return { default: await load() };
    } catch (cause) {
      throw new NotLoadedError('a part of the page could not be loaded', { cause });
    }
  });
