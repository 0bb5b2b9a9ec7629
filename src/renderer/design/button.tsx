import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
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
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classNames(classes['button'], classes[variant], classes[size], className)}
    >
      {busy ? <span className={classes['spin']} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
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
