import { useState } from 'react';
import { Icon, type IconName } from '../../page/ui/icon.tsx';
import type { Shown } from '../local-api.ts';
import { localStrings } from '../local-strings.ts';

const ICONS: Readonly<Record<string, IconName>> = {
  image: 'picture',
  sticker: 'picture',
  video: 'video',
  audio: 'audio',
};

type File = NonNullable<Shown['file']>;

/** Where the page may load a file from: the simulated provider, or this machine. */
const urlOf = ({ id, link }: File): string | undefined => {
  if (id !== undefined) return `/_local/provider/files/${encodeURIComponent(id)}`;
  return link !== undefined && URL.canParse(link) && new URL(link).hostname === location.hostname ? link : undefined;
};

const Named = ({ file: { type, name, link } }: { readonly file: File }) => (
  <p className="phone-place">
    <Icon name={ICONS[type] ?? 'file'} size={16} />
    <span>
      <bdi>{name ?? type}</bdi>
      {link !== undefined && <span className="muted">{localStrings.phone.remote}</span>}
    </span>
  </p>
);

interface PhoneFileProps {
  readonly file: File;
  /** Called when the customer plays a voice note of the business. */
  readonly onPlayed?: (() => void) | undefined;
}

/** A picture, a sound, a film or a document on the phone. */
export const PhoneFile = ({ file, onPlayed }: PhoneFileProps) => {
  const [hasFailed, setHasFailed] = useState(false);
  const url = urlOf(file);
  const fail = () => setHasFailed(true);
  if (url === undefined || hasFailed) return <Named file={file} />;
  switch (file.type) {
    case 'image':
    case 'sticker':
      return <img className="phone-picture" src={url} alt={file.name ?? file.type} onError={fail} />;
    case 'audio':
      // Voice notes have no captions.
      // biome-ignore lint/a11y/useMediaCaption: what a customer says has no text
      return <audio className="phone-audio" controls src={url} preload="metadata" onPlay={onPlayed} onError={fail} />;
    case 'video':
      // biome-ignore lint/a11y/useMediaCaption: films of customers have no captions
      return <video className="phone-picture" controls src={url} preload="metadata" onPlay={onPlayed} onError={fail} />;
    default:
      return (
        <a href={url} target="_blank" rel="noreferrer">
          <Named file={file} />
        </a>
      );
  }
};
