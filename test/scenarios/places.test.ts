import { registerTheme } from './register-theme.ts';

registerTheme('moves', 'rearrangements', 'deletes', 'folders', 'names');
