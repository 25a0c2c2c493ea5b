import type { components } from '../../../client/client.ts';
import { strings } from '../strings.ts';
import { bytes } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

type Content = components['schemas']['MessageContent'];

/** What is sent with or instead of a text. */
export type Attachment =
  | {
      readonly kind: 'file';
      readonly type: 'image' | 'video' | 'audio' | 'document';
      readonly name: string;
      readonly size: number;
      /** Names the uploaded file. */
      readonly upload: string;
    }
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number; readonly name: string }
  | { readonly kind: 'contact'; readonly name: string; readonly phone: string };

export const isAttachment = (value: unknown): value is Attachment =>
  typeof value === 'object' && value !== null && 'kind' in value;

type File = Extract<Attachment, { kind: 'file' }>;

const fileContent = ({ type, upload, name }: File, caption: string): Content => {
  if (type === 'audio') return { type, upload };
  const withCaption = caption === '' ? {} : { caption };
  return type === 'document' ? { type, upload, filename: name, ...withCaption } : { type, upload, ...withCaption };
};

/** The content of a send; `undefined` while there is nothing to send. */
export const toContent = (draft: string, attachment: Attachment | undefined): Content | undefined => {
  const text = draft.trim();
  if (attachment === undefined) return text === '' ? undefined : { type: 'text', text: draft };
  if (attachment.kind === 'file') return fileContent(attachment, text);
  if (attachment.kind === 'location') {
    const { latitude, longitude, name } = attachment;
    return { type: 'location', latitude, longitude, ...(name === '' ? {} : { name }) };
  }
  const { name, phone } = attachment;
  return { type: 'contacts', contacts: [{ name: { formatted: name }, phones: [{ phone }] }] };
};

const ICONS: Readonly<Record<string, IconName>> = {
  image: 'picture',
  video: 'video',
  audio: 'audio',
  document: 'file',
  location: 'pin',
  contact: 'contact',
};

const titleOf = (attachment: Attachment): string => {
  if (attachment.kind === 'location') return attachment.name || `${attachment.latitude}, ${attachment.longitude}`;
  return attachment.name;
};

interface AttachmentChipProps {
  readonly attachment: Attachment;
  readonly onRemove: () => void;
}

/** What will be sent, with a way to leave it out. */
export const AttachmentChip = ({ attachment, onRemove }: AttachmentChipProps) => (
  <div className="attachment">
    <Icon name={ICONS[attachment.kind === 'file' ? attachment.type : attachment.kind] ?? 'file'} />
    <span className="attachment-name">
      <bdi>{titleOf(attachment)}</bdi>
    </span>
    {attachment.kind === 'file' && <span className="muted">{bytes(attachment.size)}</span>}
    <button type="button" className="icon-button" aria-label={strings.composer.remove} onClick={onRemove}>
      <Icon name="close" size={16} />
    </button>
  </div>
);
