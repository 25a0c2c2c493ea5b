import { createSignal } from './signal.ts';

/** `lost`: the last call got no answer. `signed_out`: no token can be had any more without the user. */
export type Connection = 'ok' | 'lost' | 'signed_out';

export const connection = createSignal<Connection>('ok');
