import { Icon, type IconName } from './icon.tsx';

interface IconToggleProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}

/** A button of one icon that shows or hides something. */
export const IconToggle = ({ icon, label, isOn, onToggle }: IconToggleProps) => (
  <button type="button" className="icon-button" aria-label={label} title={label} aria-pressed={isOn} onClick={onToggle}>
    <Icon name={icon} />
  </button>
);
