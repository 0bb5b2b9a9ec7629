import { registerTheme } from './register-theme.ts';

registerTheme('union merges', 'delete brake', 'overwrite brake', 'crashes', 'disk troubles', 'mounts');
