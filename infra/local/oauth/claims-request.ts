import * as z from 'zod';
import { SCOPE_NAMES } from '../../../functions/shared/http/routes.ts';

const list = z.string().transform((text) => text.split(/[ ,]+/).filter(Boolean));

/** What a token is to say; all but the scope a real issuer takes from its own records. */
export const ClaimsRequest = z.object({
  client_id: z.string(),
  scope: list.optional(),
  username: z.string().optional(),
  groups: list.optional(),
  channels: list.optional(),
  lifetime_seconds: z.coerce.number().int().min(-86_400).max(86_400).default(3_600),
});
export type ClaimsRequest = z.infer<typeof ClaimsRequest>;

/** Whether every scope that is asked for exists. */
export const hasKnownScopes = ({ scope = [] }: ClaimsRequest): boolean =>
  scope.every((name) => SCOPE_NAMES.includes(name));

export const claimsOf = ({ client_id, scope = [...SCOPE_NAMES], username, groups, channels }: ClaimsRequest) => ({
  sub: username ?? client_id,
  client_id,
  token_use: 'access',
  scope: scope.join(' '),
  ...(username === undefined ? {} : { username }),
  ...(groups === undefined ? {} : { 'cognito:groups': groups }),
  ...(channels === undefined ? {} : { carewindow_channels: channels }),
});
