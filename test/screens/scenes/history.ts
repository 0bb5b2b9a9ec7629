import type { Replies } from './scene.ts';

export const historyReplies: Replies = {};
