import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ProblemError } from '../../../client/client.ts';
import { useChannels } from '../api/use-channels.ts';
import { useConnected } from '../api/use-connected.ts';
import { strings } from '../strings.ts';
import type { Conversation } from '../thread/use-thread.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { Attachment } from './attachment.tsx';
import { ContactDialog } from './contact-dialog.tsx';
import { LocationDialog } from './location-dialog.tsx';
import { uploadFile } from './upload-file.ts';

interface AttachButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

const AttachButton = ({ icon, label, onClick, disabled = false }: AttachButtonProps) => (
  <button type="button" className="icon-button" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

const reasonOf = (error: Error): string =>
  error instanceof ProblemError ? error.problem.detail : strings.composer.uploadFailed;

interface FileButtonProps {
  readonly channel: string;
  readonly onAttach: (attachment: Attachment) => void;
}

const FileButton = ({ channel, onAttach }: FileButtonProps) => {
  const { api } = useConnected();
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({ mutationFn: (file: File) => uploadFile(api, channel, file), onSuccess: onAttach });
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={strings.composer.file}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) upload.mutate(file);
          target.value = '';
        }}
      />
      <AttachButton
        icon="paperclip"
        label={strings.composer.file}
        disabled={upload.isPending}
        onClick={() => input.current?.click()}
      />
      <span role="status" className="attach-status">
        {upload.isPending && strings.composer.uploading}
        {upload.isError && reasonOf(upload.error)}
      </span>
    </>
  );
};

interface AttachMenuProps {
  readonly conversation: Conversation;
  readonly onAttach: (attachment: Attachment) => void;
  readonly onTemplates: () => void;
}

/** What may be sent beside a text: only what the provider of the channel carries. */
export const AttachMenu = ({ conversation, onAttach, onTemplates }: AttachMenuProps) => {
  const { data: channels = [] } = useChannels();
  const [dialog, setDialog] = useState<'location' | 'contact'>();
  const notCarried = channels.find(({ id }) => id === conversation.channel)?.notCarried ?? [];
  const attach = (attachment: Attachment) => {
    onAttach(attachment);
    setDialog(undefined);
  };
  const close = () => setDialog(undefined);
  return (
    <div className="attach-menu">
      <FileButton channel={conversation.channel} onAttach={onAttach} />
      {!notCarried.includes('location') && (
        <AttachButton icon="pin" label={strings.composer.location} onClick={() => setDialog('location')} />
      )}
      {!notCarried.includes('contacts') && (
        <AttachButton icon="contact" label={strings.composer.contact} onClick={() => setDialog('contact')} />
      )}
      <AttachButton icon="template" label={strings.composer.template} onClick={onTemplates} />
      {dialog === 'location' && <LocationDialog onAttach={attach} onClose={close} />}
      {dialog === 'contact' && <ContactDialog onAttach={attach} onClose={close} />}
    </div>
  );
};
