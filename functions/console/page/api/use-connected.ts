import { createContext, useContext } from 'react';
import type { Connected } from './connect.ts';

export const ConnectedContext = createContext<Connected | undefined>(undefined);

/** The connection to the service. */
export const useConnected = (): Connected => {
  const connected = useContext(ConnectedContext);
  if (connected === undefined) throw new Error('a component is rendered outside the connected page');
  return connected;
};
