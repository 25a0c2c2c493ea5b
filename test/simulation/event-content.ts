import { readFileSync } from 'node:fs';
import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '../../functions/shared/domain/event-types.ts';
import type { Told } from './consumer.ts';
import type { Diary } from './diary.ts';
import { type Data, firstOnes, type Published } from './event-order.ts';
import { personOfName } from './history.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

const ajv = new Ajv({ strict: false, validateFormats: false });
const SCHEMAS: ReadonlyMap<string, ValidateFunction> = new Map(
  EVENT_TYPES.map((type) => [
    type,
    ajv.compile(JSON.parse(readFileSync(new URL(`../../docs/events/${type}.v1.json`, import.meta.url), 'utf8'))),
  ]),
);

/**
 * An event has one id and one content, however often it comes. What is delivered again of an erased customer is new, and has
 * the id that it had.
 */
const repetitionFaults = (world: World, diary: Diary): readonly string[] => {
  const details = new Map<string, string>();
  return world.published().flatMap(({ id, detailType, detail }) => {
    const known = details.get(id) ?? detail;
    details.set(id, known);
    if (known === detail) return [];
    const { channel, customer }: Told<Data> = JSON.parse(detail);
    const isNew = diary.fateOf(channel, personOfName(customer)).isErased;
    return isNew ? [] : [`events: one id of ${detailType} has two contents`];
  });
};

const PROVEN = ['sent', 'delivered', 'read', 'played'];

const isEndRight = ({ occurredAt, data: { reason, expiresAt = '', mergedInto } }: Published): boolean => {
  const [at, end] = [Date.parse(occurredAt), Date.parse(expiresAt)];
  return (reason === 'expired' ? at === end : at < end) && (reason === 'merged') === (mergedInto !== undefined);
};

/** Whether an event has what its consumer would need another one for. */
const isSufficient = (event: Published): boolean => {
  const { type, customer, data } = event;
  switch (type) {
    case 'message.received':
      // Each message of a history opens a session by its kind.
      return data.window !== undefined;
    case 'message.status':
      return PROVEN.includes(data.status)
        ? data.providerMessageId !== undefined
        : data.status !== 'failed' || !!data.error;
    case 'session.closed':
      return isEndRight(event);
    case 'session.opened':
    case 'session.closing':
      return Date.parse(data.expiresAt ?? '') === Date.parse(data.lastInboundAt ?? '') + DAY_MS;
    case 'customer.identified':
      return [customer, data.name].every((name) => data.names?.includes(name ?? ''));
    default:
      return true;
  }
};

/** Each event by itself: it is as its schema says, and sufficient. */
export const checkEach = (world: World, diary: Diary): readonly string[] => [
  ...repetitionFaults(world, diary),
  ...firstOnes(world).flatMap(({ type, ...detail }) => {
    const isValid = SCHEMAS.get(type)?.(detail) === true;
    return [
      ...(isValid ? [] : [`events: a ${type} is not as its schema says`]),
      ...(isSufficient({ type, ...detail }) ? [] : [`events: a ${type} is not sufficient by itself`]),
    ];
  }),
];
