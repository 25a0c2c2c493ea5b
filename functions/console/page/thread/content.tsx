import type { ReactNode } from 'react';
import { type Loose, numberAt, partAt, textAt } from '../api/loose.ts';
import { strings } from '../strings.ts';
import { Icon } from '../ui/icon.tsx';
import { Contacts, Order, Place } from './content-cards.tsx';
import { Interactive } from './content-interactive.tsx';
import { ReceivedMedia, SentMedia } from './content-media.tsx';
import { SentTemplate } from './content-template.tsx';
import { FormattedText } from './formatted-text.tsx';
import type { Message } from './thread-messages.ts';
import type { Conversation } from './use-thread.ts';

interface ContentProps {
  readonly conversation: Conversation;
  readonly message: Message;
}

const Media = ({ conversation, message }: ContentProps) => (
  <>
    {message.direction === 'inbound' ? (
      <ReceivedMedia conversation={conversation} id={message.id} content={message.content} />
    ) : (
      <SentMedia content={message.content} />
    )}
    <FormattedText text={textAt(message.content, 'caption')} />
  </>
);

const Reply = ({ text }: { readonly text: string }) => (
  <p className="tapped">
    <Icon name="reply" size={15} />
    <bdi>{text}</bdi>
  </p>
);

const Answers = ({ values }: { readonly values: Loose }) => (
  <dl className="answers">
    {Object.entries(values).map(([name, value]) => (
      <div key={name}>
        <dt>{name.replaceAll('_', ' ')}</dt>
        <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
      </div>
    ))}
  </dl>
);

const callText = (content: Loose): string => {
  const seconds = numberAt(content, 'durationSeconds');
  const event = strings.content.calls[textAt(content, 'event')] ?? strings.content.call;
  return seconds === undefined ? event : `${event}, ${strings.content.seconds(seconds)}`;
};

const Note = ({ text }: { readonly text: string }) => <p className="note">{text}</p>;

/** What it was, and why it is not here, as far as the provider says it. */
const NotPassedOn = ({ content }: { readonly content: Loose }) => {
  const reason = textAt(content, 'reason') || textAt(content, 'description');
  return (
    <>
      <Note text={strings.content.unsupported(textAt(content, 'kind'))} />
      {reason !== '' && (
        <p className="muted">
          <bdi>{reason}</bdi>
        </p>
      )}
    </>
  );
};

type Render = (props: ContentProps) => ReactNode;

const text: Render = ({ message }) => <FormattedText text={textAt(message.content, 'text')} />;
const interactive: Render = ({ message }) => <Interactive content={message.content} />;
const media: Render = (props) => <Media {...props} />;
const tapped: Render = ({ message: { content } }) => (
  <Reply text={textAt(content, 'title') || textAt(content, 'text') || textAt(content, 'payload')} />
);

/** How each type of content is shown. */
const RENDERERS: Readonly<Record<string, Render>> = {
  text,
  image: media,
  video: media,
  audio: media,
  document: media,
  sticker: media,
  media,
  location: ({ message }) => <Place content={message.content} />,
  contacts: ({ message }) => <Contacts content={message.content} />,
  order: ({ message }) => <Order content={message.content} />,
  buttons: interactive,
  list: interactive,
  cta_url: interactive,
  location_request: interactive,
  contact_request: interactive,
  address_request: interactive,
  flow: interactive,
  product: interactive,
  product_list: interactive,
  carousel: interactive,
  template: ({ conversation, message }) => <SentTemplate channel={conversation.channel} content={message.content} />,
  button_reply: tapped,
  list_reply: tapped,
  button: tapped,
  choice: tapped,
  flow_reply: ({ message: { content } }) => <Answers values={partAt(content, 'response')} />,
  address_reply: ({ message: { content } }) => <Answers values={partAt(content, 'values')} />,
  reaction: ({ message: { content } }) => <Note text={strings.content.reaction(textAt(content, 'emoji'))} />,
  edit: () => <Note text={strings.content.edited} />,
  revoke: () => <Note text={strings.content.revoked} />,
  call: ({ message: { content } }) => <Note text={callText(content)} />,
  unsupported: ({ message: { content } }) => <NotPassedOn content={content} />,
  raw: ({ message: { content } }) => <Note text={strings.content.unknown(textAt(content, 'kind'))} />,
  handover: () => <Note text={strings.content.handover} />,
  system: ({ message: { content } }) => <Note text={textAt(content, 'body') || strings.content.system} />,
  call_permission_reply: ({ message: { content } }) => (
    <Note text={strings.content.callPermission(textAt(content, 'response'))} />
  ),
};

/** What a message says. */
export const Content = (props: ContentProps) => {
  const { type } = props.message.content;
  const render = Object.hasOwn(RENDERERS, type) ? RENDERERS[type] : undefined;
  return render === undefined ? <Note text={strings.content.unknown(type)} /> : render(props);
};

/** What a message says, in a few words, for quotes. */
export const summaryOf = ({ content }: Message): string =>
  textAt(content, 'text') ||
  textAt(content, 'caption') ||
  textAt(content, 'body') ||
  textAt(content, 'title') ||
  (strings.content.files[content.type] ?? content.type.replaceAll('_', ' '));
