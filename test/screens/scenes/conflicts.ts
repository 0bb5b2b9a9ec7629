import type { Replies } from './scene.ts';

export const conflictReplies: Replies = {};
