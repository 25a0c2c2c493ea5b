import * as z from 'zod';
import { CALLER_KINDS, OWNER_KINDS } from '../shared/domain/owner.ts';

const Time = z.iso.datetime({
  offset: true,
  error: 'must be a time in ISO 8601 with Z or an offset, e.g. 2026-11-20T09:00:00.000Z',
});

const SeenOwner = z
  .strictObject({ kind: z.enum(OWNER_KINDS), since: Time, until: Time.optional() })
  .meta({ id: 'SeenOwner', description: 'An owner as a window or an event showed it' });
export type SeenOwner = z.infer<typeof SeenOwner>;

const as = z.enum(CALLER_KINDS).meta({ description: 'Who calls' });

/** Takes a conversation from the owner that the caller saw. */
export const TakeRequest = z
  .strictObject({
    as,
    seen: SeenOwner.nullable()
      .default(null)
      .meta({ description: 'From whom it is taken: the owner that the caller saw; by default no one' }),
    until: Time.optional().meta({ description: 'When the hold ends by itself; by default only with a release' }),
  })
  .meta({ id: 'TakeRequest' });

/** Releases a conversation. */
export const ReleaseRequest = z
  .strictObject({
    as,
    seen: SeenOwner.optional().meta({
      description: 'Whose hold is released: the owner that the caller saw; by default one of the caller’s own kind',
    }),
  })
  .meta({ id: 'ReleaseRequest' });
