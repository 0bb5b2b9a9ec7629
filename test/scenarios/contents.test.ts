import { registerTheme } from './register-theme.ts';

registerTheme('edits', 'saves', 'conflicts', 'links', 'ignore rules');
