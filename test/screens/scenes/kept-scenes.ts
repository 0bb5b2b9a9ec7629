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
  'devices-gone': { ...base, replies: { ...base.replies, 'devices.list': () => ({ kind: 'gone' }) } },
  'keychain-weak': { ...base, shell: { ...base.shell, keychain: 'weak' } },
  'update-ready': { ...base, shell: { ...base.shell, update: { version: '0.2.0', how: 'restart' } } },
  'review-empty': {
    ...base,
    replies: { ...base.replies, 'review.list': () => ok({ batches: [], next: null }) },
  },
};
