/** Something that a customer can tap in a message. */
export interface Choice {
  readonly kind: 'button' | 'row' | 'quick_reply' | 'flow' | 'link' | 'copy_code';
  /** What the business gets when it is tapped; of a link, its URL. */
  readonly id: string;
  readonly title: string;
  readonly description?: string | undefined;
}

/** A file as a phone shows it: from a link, or from the provider's shelf. */
export interface ShownFile {
  readonly type: string;
  readonly id?: string | undefined;
  readonly link?: string | undefined;
  readonly name?: string | undefined;
}

/** What a customer's phone shows of a message, read from the provider's own format. */
export interface ShownMessage {
  /** The type as the provider names it. */
  readonly type: string;
  readonly header?: string | undefined;
  readonly text?: string | undefined;
  readonly footer?: string | undefined;
  readonly file?: ShownFile | undefined;
  readonly location?:
    | {
        readonly latitude: number;
        readonly longitude: number;
        readonly name?: string | undefined;
        readonly address?: string | undefined;
      }
    | undefined;
  readonly contacts?: readonly { readonly name: string; readonly phone?: string | undefined }[] | undefined;
  readonly reaction?: { readonly messageId: string; readonly emoji: string } | undefined;
  readonly choices?: readonly Choice[] | undefined;
  /** The cards of a carousel. */
  readonly cards?: readonly ShownMessage[] | undefined;
  /** The message that it quotes. */
  readonly replyTo?: string | undefined;
}

/** The choices of a message and of its cards. */
export const choicesOf = ({ choices = [], cards = [] }: ShownMessage): readonly Choice[] => [
  ...choices,
  ...cards.flatMap(choicesOf),
];
