import { registerTheme } from './register-theme.ts';

registerTheme('union merges', 'delete brake', 'crashes', 'disk troubles');
