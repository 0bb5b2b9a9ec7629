/** Before anything is linked: what would happen, and what is refused. */
import type {
  CertificateShown,
  CertificatesChosen,
  LinkPlanned,
  MergePlanShown,
  ShellState,
} from '../../../src/ipc/window.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import type { Answers, Scene } from './scene.ts';

const NOTHING: MergePlanShown = {
  identical: 0,
  upload: 0,
  download: 0,
  differ: 0,
  excluded: 0,
  unseen: 0,
  zombies: 0,
  unportable: 0,
  samples: { identical: [], upload: [], download: [], differ: [], zombies: [], unportable: [], unseen: [] },
};
const MERGE: MergePlanShown = {
  identical: 38_204,
  upload: 412,
  download: 2587,
  differ: 3,
  excluded: 12,
  unseen: 1,
  zombies: 2,
  unportable: 4,
  samples: {
    identical: ['Notes/reading list.md', 'Projects/Harbour/roadmap.xlsx'],
    upload: ['Projects/Harbour/film/take-07.mov', 'Receipts/2026/09/ferry-ticket.pdf'],
    download: ['Archive/2019/scan-0041.tiff'],
    differ: ['Notes/ideas.txt', 'Projects/Harbour/budget.csv', HOSTILE_NAMES[0]!],
    zombies: ['Projects/draft-old.docx', HOSTILE_NAMES[4]!],
    unportable: ['Notes/con.txt', 'Notes/what?.md', HOSTILE_NAMES[1]!],
    unseen: ['Projects/Harbour/keys/private.pem'],
  },
};

const FINGERPRINT =
  '9A:61:33:C8:27:B4:7D:12:E6:90:4B:AA:58:F1:0C:D3:76:2E:95:41:BB:08:64:DF:19:A7:3C:82:E0:5D';
const AUTHORITY: CertificateShown = {
  subject: 'O=Harbour Office, CN=Harbour Office internal authority',
  fingerprint: `5E:0F:${FINGERPRINT}`,
  validUntil: Date.UTC(2031, 4, 14),
  isOver: false,
};
const EXPIRED: CertificateShown = {
  subject: 'CN=harbour.example',
  fingerprint: `11:A2:${FINGERPRINT}`,
  validUntil: Date.UTC(2025, 1, 3),
  isOver: true,
};

function chosen(...shown: CertificateShown[]): CertificatesChosen {
  return { kind: 'certificates', file: 'harbour-office-ca.pem', id: 'c'.repeat(64), shown };
}

function scene(shell: ShellState, answers: Answers): Scene {
  return {
    shell: { ...shell, phase: 'first-run', folder: null, serverHere: false },
    events: [],
    replies: {},
    answers: { 'first-run.choose-folder': () => ({ folder: '/home/anna/Documents' }), ...answers },
  };
}

export function firstRunScenes(shell: ShellState): Readonly<Record<string, Scene>> {
  return {
    'first-run': scene(shell, {
      'first-run.plan': ({ folder }) => ({ kind: 'planned', folder, plan: NOTHING }),
    }),
    'first-run-merge': scene(shell, {
      'first-run.plan': ({ folder }) => ({ kind: 'planned', folder, plan: MERGE }),
      'first-run.begin': () => ({
        kind: 'refused',
        code: 'root-full',
        facts: { file: '/home/anna/Tidemark' },
      }),
    }),
    'first-run-refused': scene(shell, {
      'first-run.sign-up': () => ({ kind: 'refused', code: 'user-taken', facts: {} }),
      'first-run.plan': ({ target }): LinkPlanned =>
        target.kind === 'here'
          ? {
              kind: 'refused',
              code: 'root-nested',
              facts: { file: '/home/anna/Tidemark', other: '/home/anna' },
            }
          : { kind: 'refused', code: 'wrong-password', facts: {} },
    }),
    'first-run-certificate': scene(shell, {
      'first-run.choose-certificates': () => chosen(AUTHORITY),
      'first-run.plan': ({ folder }) => ({ kind: 'planned', folder, plan: NOTHING }),
    }),
    'first-run-no-certificate': scene(shell, {
      'first-run.choose-certificates': () => ({ kind: 'no-certificate', file: 'Holiday in Genoa.jpg' }),
    }),
    'first-run-unproven': scene(shell, {
      'first-run.choose-certificates': () => chosen(AUTHORITY, EXPIRED),
      'first-run.plan': () => ({
        kind: 'refused',
        code: 'bad-certificate',
        facts: {
          server: 'https://sync.example.org',
          detail: 'its certificate comes from nobody whom this computer trusts',
        },
      }),
    }),
  };
}
