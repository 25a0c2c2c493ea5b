import { createSessionsStore, type SessionsStore } from '../store/sessions-store.ts';
import { type CoreRuntime, createCoreRuntime, type StoreRuntimeOptions } from './core-runtime.ts';

export type { StoreRuntimeOptions } from './core-runtime.ts';

/** The runtime with every verb of the store. */
export type StoreRuntime = CoreRuntime<SessionsStore>;

export const createStoreRuntime = (options: StoreRuntimeOptions): StoreRuntime =>
  createCoreRuntime(options, createSessionsStore);
