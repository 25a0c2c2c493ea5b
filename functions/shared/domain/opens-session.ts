/** A channel's switches for the kinds of which the providers do not document whether they open a session (R4). */
export interface OpensSessionSwitches {
  readonly reaction?: boolean | undefined;
  readonly unsupported?: boolean | undefined;
}

type Rule = 'opens' | 'does-not-open' | keyof OpensSessionSwitches;

/** The rule of a kind that has no row: the customer did write, so it counts as `unsupported` (R4). */
const UNKNOWN_KIND: Rule = 'unsupported';

const DEFAULTS: Readonly<Record<keyof OpensSessionSwitches, boolean>> = { reaction: false, unsupported: true };

/** Rule R4, by provider and kind. Meta's kinds are `messages[].type`, with the sub-type of `interactive` where it matters; Sinch's are the keys of `contact_message`. */
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
    'call.accepted': 'opens',
    'call.terminate': 'does-not-open',
    messaging_handovers: 'does-not-open',
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
