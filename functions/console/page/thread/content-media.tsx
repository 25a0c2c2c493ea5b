import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ProblemError, unwrap } from '../../../client/client.ts';
import { type Loose, textAt } from '../api/loose.ts';
import { useConnected } from '../api/use-connected.ts';
import { strings } from '../strings.ts';
import { bytes } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { Conversation } from './use-thread.ts';

/** A link is valid for five minutes. */
const LINK_MS = 240_000;
const COPYING_MS = 3_000;

/** Whether an element has come near the view. */
const useSeen = () => {
  const element = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { element, isSeen };
};

/** A link to the file of a message; the service copies the file first where it must. */
const useMediaLink = ({ channel, customer }: Conversation, id: string, enabled: boolean) => {
  const { api } = useConnected();
  return useQuery({
    queryKey: ['media', channel, customer, id],
    enabled,
    staleTime: LINK_MS,
    refetchInterval: ({ state }) => (state.data !== undefined && 'status' in state.data ? COPYING_MS : false),
    refetchOnWindowFocus: false,
    queryFn: () => {
      const path = '/v1/channels/{channel}/customers/{customer}/messages/{id}/media';
      return unwrap(api.GET(path, { params: { path: { channel, customer, id } } }));
    },
  });
};

type MediaLink = Extract<NonNullable<ReturnType<typeof useMediaLink>['data']>, { url: string }>;

interface ShownProps {
  readonly type: string;
  readonly link: MediaLink;
  readonly label: string;
}

interface SourceProps {
  readonly url: string;
  readonly label: string;
}

const Film = ({ url, label }: SourceProps) => (
  // biome-ignore lint/a11y/useMediaCaption: what customers send has no captions
  <video className="picture" src={url} controls preload="metadata" aria-label={label} />
);

const Sound = ({ url, label }: SourceProps) => (
  // biome-ignore lint/a11y/useMediaCaption: what customers send has no captions
  <audio src={url} controls preload="metadata" aria-label={label} />
);

const Player = ({ type, link, label }: ShownProps) => {
  const { mimeType, url, name, size } = link;
  if (type === 'image' || type === 'sticker' || mimeType.startsWith('image/'))
    return <img className={`picture ${type}`} src={url} alt={label} />;
  if (mimeType.startsWith('video/')) return <Film url={url} label={label} />;
  if (mimeType.startsWith('audio/')) return <Sound url={url} label={label} />;
  return (
    <a className="file" href={url} download={name ?? true} rel="noreferrer">
      <Icon name="file" size={22} />
      <span className="file-name">
        <bdi>{name ?? label}</bdi>
      </span>
      <span className="muted">{bytes(size)}</span>
    </a>
  );
};

const ICONS: Readonly<Record<string, IconName>> = {
  image: 'picture',
  sticker: 'picture',
  video: 'video',
  audio: 'audio',
};

/** Shown instead of a missing file: that it is being copied, or why it is not available. */
const Placeholder = ({ type, text }: { readonly type: string; readonly text: string }) => (
  <span className="file">
    <Icon name={ICONS[type] ?? 'file'} size={22} />
    <span className="file-name">{text}</span>
  </span>
);

interface MediaProps {
  readonly conversation: Conversation;
  readonly id: string;
  readonly content: Loose;
}

const nameOf = (content: Loose): string =>
  textAt(content, 'filename') || (strings.content.files[textAt(content, 'type')] ?? strings.content.file);

/** For those who do not see the file: what is written below it says more than its type. */
const labelOf = (content: Loose): string => textAt(content, 'caption') || nameOf(content);

/** A customer's picture, sound, film or document. */
export const ReceivedMedia = ({ conversation, id, content }: MediaProps) => {
  const { element, isSeen } = useSeen();
  const { data, error } = useMediaLink(conversation, id, isSeen);
  const type = textAt(content, 'type');
  const reason = error instanceof ProblemError ? error.problem.detail : strings.content.notLoaded;
  return (
    <div ref={element} className="media">
      {data !== undefined && 'url' in data ? (
        <Player type={type} link={data} label={labelOf(content)} />
      ) : (
        <Placeholder type={type} text={error === null ? strings.content.loading(nameOf(content)) : reason} />
      )}
    </div>
  );
};

/** A file that was sent: where it was, or what it was called. */
export const SentMedia = ({ content }: { readonly content: Loose }) => {
  const url = textAt(content, 'url');
  const type = textAt(content, 'type');
  if (!/^https?:/.test(url)) return <Placeholder type={type} text={nameOf(content)} />;
  return (
    <a className="file" href={url} target="_blank" rel="noreferrer">
      <Icon name={ICONS[type] ?? 'file'} size={22} />
      <span className="file-name">{nameOf(content)}</span>
    </a>
  );
};
