/** A channel's switches for the kinds on which the providers do not say whether they open a session (R4). */
export interface OpensSessionSwitches {
  readonly reaction?: boolean | undefined;
  readonly unsupported?: boolean | undefined;
}

type Rule = 'opens' | 'does-not-open' | keyof OpensSessionSwitches;

/** What a kind without a row does: the customer did write something, so it counts as `unsupported` (R4). */
const UNKNOWN_KIND: Rule = 'unsupported';

const DEFAULTS: Readonly<Record<keyof OpensSessionSwitches, boolean>> = { reaction: false, unsupported: true };

/** Rule R4, row by row. Kinds are `messages[].type`, with the sub-type of `interactive` and the sender's role where they matter. */
export const OPENS_SESSION = {
  meta: {
    text: 'opens',
    image: 'opens',
    audio: 'opens',
    video: 'opens',
    document: 'opens',
    sticker: 'opens',
    location: 'opens',
    contacts: 'opens',
    'interactive.button_reply': 'opens',
    'interactive.list_reply': 'opens',
    'interactive.nfm_reply': 'opens',
    'interactive.call_permission_reply.user_action': 'opens',
    'interactive.call_permission_reply.automatic': 'does-not-open',
    button: 'opens',
    order: 'opens',
    'call.connect': 'opens',
    unsupported: 'unsupported',
    reaction: 'reaction',
    edit: 'does-not-open',
    revoke: 'does-not-open',
    system: 'does-not-open',
    group: 'does-not-open',
  },
  sinch: {
    text_message: 'opens',
    media_message: 'opens',
    media_card_message: 'opens',
    location_message: 'opens',
    choice_response_message: 'opens',
    product_response_message: 'opens',
    channel_specific_message: 'opens',
    fallback_message: 'opens',
    unknown: 'opens',
    reaction: 'reaction',
  },
} as const satisfies Record<string, Record<string, Rule>>;

export type ProviderFormat = keyof typeof OPENS_SESSION;

/** Whether a customer's message of this kind opens or restarts the customer care session (R4). */
export const opensSession = (format: ProviderFormat, kind: string, switches: OpensSessionSwitches = {}): boolean => {
  const rules: Readonly<Record<string, Rule>> = OPENS_SESSION[format];
  const rule = Object.hasOwn(rules, kind) ? (rules[kind] ?? UNKNOWN_KIND) : UNKNOWN_KIND;
  switch (rule) {
    case 'opens':
      return true;
    case 'does-not-open':
      return false;
    case 'reaction':
    case 'unsupported':
      return switches[rule] ?? DEFAULTS[rule];
  }
};
