/** Folders, rules, limits and the report. */
import type { FolderRow } from '../../../src/ipc/selection.ts';
import type { EngineSettings } from '../../../src/ipc/settings.ts';
import { ok, type Replies } from './scene.ts';

function folder(path: string, about: Partial<FolderRow>): FolderRow {
  return {
    node: `n-${path}`,
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    files: 312,
    bytes: 4_200_000_000,
    place: 'here',
    hasFolders: false,
    ...about,
  };
}

const FOLDERS: Readonly<Record<string, readonly FolderRow[]>> = {
  '': [
    folder('Archive', { files: 20_411, bytes: 912_000_000_000, place: 'online', hasFolders: true }),
    folder('Notes', { files: 812, bytes: 41_000_000 }),
    folder('Pictures', { files: 18_204, bytes: 86_000_000_000, place: 'partly', hasFolders: true }),
    folder('Projects', { files: 1204, bytes: 3_400_000_000, hasFolders: true }),
    folder('Receipts', { files: 572, bytes: 210_000_000, hasFolders: true }),
  ],
  Pictures: [
    folder('Pictures/2023', { files: 9100, bytes: 44_000_000_000, place: 'online' }),
    folder('Pictures/2024', { files: 9104, bytes: 42_000_000_000 }),
  ],
};

const SETTINGS: EngineSettings = {
  up: 2048,
  down: null,
  schedule: { from: '22:00', to: '06:00', days: [1, 2, 3, 4, 5], up: null, down: null },
  proxy: { kind: 'system' },
};

const SHARED = '# Build output\nnode_modules/\n*.tmp\n\n# Large films stay on the studio computer\n*.mov\n';

const STATUS_PART = `{
  "state": "up-to-date",
  "files": 41203,
  "cursor": 88412,
  "folder": "folder-1",
  "server": "https://server-1",
  "device": "device-1",
  "helper": "native",
  "watching": { "complete": true, "why": "" }
}
`;
const LOG_PART = Array.from(
  { length: 80 },
  (_, index) =>
    `2026-09-18T16:${String(index % 60).padStart(2, '0')}:12Z info  upload file-${index + 1}.txt of device-1 took ${index * 7} ms`,
).join('\n');

export const keepingReplies: Replies = {
  'folders.list': ({ folder: where }) => ok({ folders: [...(FOLDERS[where] ?? [])] }),
  'folders.remove': ({ path, dryRun }) =>
    path === 'Projects'
      ? ok({
          path,
          files: 1204,
          bytes: 3_400_000_000,
          blocked: [
            { path: 'Projects/Harbour/film/take-07.mov', why: 'not-uploaded' },
            { path: 'Projects/Harbour/budget.csv', why: 'conflict' },
            { path: 'Projects/Harbour/build/out.bin', why: 'left-out' },
          ],
          blockedTotal: 14,
          removed: false,
          sentence: '',
        })
      : ok({
          path,
          files: 812,
          bytes: 41_000_000,
          blocked: [],
          blockedTotal: 0,
          removed: !dryRun,
          sentence: '',
        }),
  'folders.bring': ({ path }) => ok({ path, files: 20_411, sentence: '' }),
  'ignore.get': () => ok({ shared: SHARED, local: '' }),
  'ignore.preview': ({ shared }) => {
    const stops = shared.includes('*.jpg') ? 312 : 0;
    return ok({
      stops,
      stopsBytes: stops * 3_400_000,
      stopsPaths: Array.from(
        { length: Math.min(stops, 100) },
        (_, index) => `Projects/Harbour/photos/quay-${String(index + 1).padStart(3, '0')}.jpg`,
      ),
      starts: 0,
      startsPaths: [],
      faults: [],
    });
  },
  'ignore.set': () => ok({ sentence: '' }),
  'settings.get': () => ok(SETTINGS),
  'settings.set': ({ settings }) => ok(settings),
  'devices.revoke': ({ deviceId }) => ok({ deviceId, sentence: '' }),
  bundle: ({ names }) =>
    ok({
      parts: [
        { name: 'status.json', text: STATUS_PART },
        { name: 'engine.log', text: LOG_PART },
        { name: 'versions.txt', text: 'app 0.1.0\nengine 0.1.0\nlinux 6.8\n' },
      ],
      redacted: names !== true,
    }),
};
