import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import classes from './button.module.css';
import { classNames } from './class-names.ts';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'normal';
  readonly icon?: ReactNode;
  /** Under way: it cannot be pressed again, and says so to screen readers. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'secondary',
  size = 'normal',
  icon,
  busy = false,
  disabled = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled}
      // Not `disabled`: that would take the focus from whoever pressed it by keyboard.
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? refusePress : onClick}
      className={classNames(classes['button'], classes[variant], classes[size], className)}
    >
      {busy ? <span className={classes['spin']} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

/** Also keeps a form from being sent again. */
function refusePress(event: MouseEvent): void {
  event.preventDefault();
}

/** Only an icon is seen: `label` is its name. */
export function IconButton({ label, icon, ...rest }: ButtonProps & { readonly label: string }) {
  return (
    <Button
      variant="quiet"
      {...rest}
      aria-label={label}
      title={label}
      icon={icon}
      className={classNames(classes['iconOnly'], rest.className)}
    />
  );
}
