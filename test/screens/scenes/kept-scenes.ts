/** What history, trash, review, devices and settings look like when there is nothing, or no answer. */
import { base } from './base.ts';
import { ok, type Scene } from './scene.ts';

export const KEPT_SCENES: Readonly<Record<string, Scene>> = {
  'history-offline': {
    ...base,
    replies: {
      ...base.replies,
      history: () => ({
        kind: 'refused',
        code: 'unreachable',
        facts: { server: 'https://sync.example.org' },
      }),
    },
  },
  'trash-empty': {
    ...base,
    replies: { ...base.replies, 'trash.list': () => ok({ items: [], next: null }) },
  },
  'review-empty': {
    ...base,
    replies: { ...base.replies, 'review.list': () => ok({ batches: [], next: null }) },
  },
};
