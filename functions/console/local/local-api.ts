import { useQuery } from '@tanstack/react-query';
import { callLocal } from './call-local.ts';

/** How often what is shown is read again. */
const POLL_MS = 2_000;

/** What a call of the local control answers, read again from time to time; every move and every write reads it anew. */
export const useLocal = <T>(path: string, { isShown = true, pollMs = POLL_MS } = {}) =>
  useQuery({
    queryKey: ['local', path],
    queryFn: () => callLocal<T>('GET', path),
    enabled: isShown,
    refetchInterval: pollMs,
  });

export interface Choice {
  readonly kind: 'button' | 'row' | 'quick_reply' | 'flow' | 'link' | 'copy_code';
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** What a phone shows of a message. */
export interface Shown {
  readonly type: string;
  readonly header?: string;
  readonly text?: string;
  readonly footer?: string;
  readonly file?: { readonly type: string; readonly id?: string; readonly link?: string; readonly name?: string };
  readonly location?: { readonly latitude: number; readonly longitude: number; readonly name?: string };
  readonly contacts?: readonly { readonly name: string; readonly phone?: string }[];
  readonly reaction?: { readonly messageId: string; readonly emoji: string };
  readonly choices?: readonly Choice[];
  readonly cards?: readonly Shown[];
  readonly replyTo?: string;
}

export interface PhoneMessage extends Shown {
  readonly id: string;
  readonly by: 'business' | 'customer';
  readonly at: string;
  readonly status: string;
}

export interface PhoneScreen {
  readonly messages: readonly PhoneMessage[];
  readonly isTyping: boolean;
}

export interface LocalEvent {
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: { readonly customer?: string };
}

export interface NextEvent {
  readonly at: string;
  readonly what: 'session_closing' | 'session_closed' | 'send_due' | 'webhook_late';
  readonly customer?: string;
}

export interface Faults {
  readonly faults: readonly { readonly provider: string; readonly kind: string; readonly times: number }[];
  readonly held: readonly { readonly provider: string; readonly kind: string; readonly until?: string }[];
}

export interface PlayedStep {
  readonly says: string;
  readonly call: { readonly method: string; readonly path: string };
  readonly answer: { readonly status: number };
  readonly isAsExpected: boolean;
  readonly milliseconds: number;
}

export interface Story {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly run: {
    readonly customer: string;
    readonly state: 'running' | 'passed' | 'failed';
    readonly steps: readonly PlayedStep[];
    readonly proven: readonly { readonly says: string; readonly isProven: boolean }[];
  } | null;
}

export interface WireEntry {
  readonly id: string;
  readonly kind: 'webhook' | 'call';
  readonly provider: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly encoding: 'utf8' | 'base64';
  readonly bytes: number;
  readonly isCut: boolean;
  readonly signature: 'valid' | 'invalid' | 'none';
  readonly status: number | null;
  readonly answer: string;
  readonly milliseconds: number | null;
}
