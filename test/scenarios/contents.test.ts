import { registerTheme } from './register-theme.ts';

registerTheme('edits', 'attributes', 'saves', 'conflicts', 'links', 'ignore rules');
