import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

/** An event that an endpoint accepted, its signature verified. */
export interface Delivered {
  readonly url: string;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const Event = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

interface EndpointsOptions {
  /** The signing secrets by the full URL of each endpoint. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly report: (fault: string) => void;
}

/** The HTTPS endpoints of other systems: they verify each event by the library of Standard Webhooks, and keep it. */
export const createEndpoints = ({ secrets, report }: EndpointsOptions) => {
  const delivered: Delivered[] = [];
  /** Statuses with which the next calls are refused. */
  const refusals: number[] = [];
  const refused: string[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const url = `https://${request.headers.host}${request.url}`;
    const body = await text(request);
    const status = refusals.shift();
    if (status !== undefined) {
      refused.push(String(request.headers['webhook-id']));
      return void response.writeHead(status).end();
    }
    const [secret = ''] = secrets[url] ?? [];
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const event = Event.parse(new Webhook(secret).verify(body, headers));
    delivered.push({ url, id: headers['webhook-id'] ?? '', ...event });
    response.writeHead(204).end();
  };
  return {
    handler: (request: IncomingMessage, response: ServerResponse) => {
      receive(request, response).catch((error: unknown) => {
        report(`an endpoint got an event that it cannot verify: ${String(error)}`);
        response.writeHead(401).end();
      });
    },
    hosts: [...new Set(Object.keys(secrets).map((url) => new URL(url).host))],
    delivered: (): readonly Delivered[] => delivered,
    /** The ids of the events that were refused. */
    refused: (): readonly string[] => [...refused],
    /** Refuses the next calls. */
    refuseNext: (status: number, times: number) => void refusals.push(...Array.from({ length: times }, () => status)),
  };
};
