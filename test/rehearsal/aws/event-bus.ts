import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { matchesPattern } from '../../support/event-pattern.ts';
import type { Assembly } from '../assembly/assembly.ts';
import { arnOf } from '../assembly/identities.ts';
import { PLACE } from '../assembly/intrinsics.ts';
import { type AwsService, denyInJson, jsonOf, jsonReply, operationOf, unknownOperation } from './aws-call.ts';
import type { Ledger } from './ledger.ts';
import type { Queues } from './queues.ts';

const Entries = z.object({
  /** EventBridge takes ten at most. */
  Entries: z
    .array(
      z.object({
        EventBusName: z.string(),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Time: z.number(),
      }),
    )
    .min(1)
    .max(10),
});

const Rule = z.object({
  EventBusName: z.string(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.literal('ENABLED'),
  Targets: z.array(z.object({ Arn: z.string() })),
});

/** An event as the bus passes it on. */
export interface BusEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface EventBusOptions {
  readonly assembly: Assembly;
  readonly queues: Queues;
  readonly ledger: Ledger;
}

/** EventBridge: every event that was put, and the rules of the template, whose targets are queues. */
export const createEventBus = ({ assembly, queues, ledger }: EventBusOptions) => {
  const events: BusEvent[] = [];
  let isRefused: (event: BusEvent) => boolean = () => false;
  const rules = assembly
    .ofType('AWS::Events::Rule')
    .filter(({ properties }) => 'EventPattern' in properties)
    .map(({ id, properties }) => {
      const rule = Rule.parse(properties);
      return { arn: arnOf('events', `rule/${rule.EventBusName}/${assembly.identity(id).ref}`), ...rule };
    });
  const sendTo = (queueArn: string, ruleArn: string, body: string) => {
    const queue = queues.byArn(queueArn);
    const access = { action: 'sqs:SendMessage', resource: queueArn, context: { 'aws:SourceArn': ruleArn } };
    if (ledger.authorizeService('events.amazonaws.com', access, queue.url)) queue.send(body);
  };
  const publish = (bus: string, event: BusEvent) => {
    events.push(event);
    for (const { arn, EventBusName, EventPattern, Targets } of rules)
      if (EventBusName === bus && matchesPattern(EventPattern, event))
        for (const target of Targets) sendTo(target.Arn, arn, JSON.stringify(event));
  };
  const service: AwsService = {
    accesses: (call) => {
      if (operationOf(call) !== 'PutEvents') throw unknownOperation(call, operationOf(call));
      const buses = new Set(Entries.parse(jsonOf(call)).Entries.map(({ EventBusName }) => EventBusName));
      return [...buses].map((name) => ({ action: 'events:PutEvents', resource: arnOf('events', `event-bus/${name}`) }));
    },
    deny: denyInJson,
    perform: async (call) => {
      const { Entries: entries } = Entries.parse(jsonOf(call));
      const results = entries.map(({ EventBusName, Source, DetailType, Detail, Time }) => {
        const id = randomUUID();
        const detail = z.record(z.string(), z.unknown()).parse(JSON.parse(Detail));
        const time = new Date(Time * 1000).toISOString();
        const { account, region } = PLACE;
        const envelope = { version: '0', id, account, region, time, resources: [] };
        const event = { ...envelope, 'detail-type': DetailType, source: Source, detail };
        if (isRefused(event)) return { ErrorCode: 'InternalFailure', ErrorMessage: 'the rehearsal refuses this event' };
        publish(EventBusName, event);
        return { EventId: id };
      });
      const failed = results.filter((result) => 'ErrorCode' in result);
      return jsonReply(200, { FailedEntryCount: failed.length, Entries: results });
    },
  };
  return {
    service,
    events: (): readonly BusEvent[] => events,
    /** Refuses these events from now on, as an EventBridge that is out of order for them does. */
    refuse: (which: (event: BusEvent) => boolean): void => {
      isRefused = which;
    },
  };
};
