import type { Replies } from './scene.ts';

export const keepingReplies: Replies = {};
