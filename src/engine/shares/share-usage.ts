/** What is stored and how much may be, of every namespace that this user is in. */
import { type Answer, ok } from '../../ipc/contract.ts';
import type { UsageResult, UsageRow } from '../../ipc/shares.ts';
import { assertNever } from '../../protocol/assert-never.ts';
import type { Engine } from '../engine.ts';
import { noServer } from '../verbs/no-server.ts';
import { refusedBy } from '../verbs/refused-by.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { pathOfPlace } from './share-places.ts';

type Room = Pick<UsageRow, 'used' | 'quota'>;

const UNKNOWN: Room = { used: null, quota: null };

/** `keeper` null: nobody here looks after shares. */
export async function usage(main: Engine, keeper: ShareKeeper | null): Promise<Answer<UsageResult>> {
  const cut = noServer(main);
  if (cut) return cut;
  const own = await main.server.usage();
  if (own.kind === 'trouble') return refusedBy(main, own);
  const mine = { share: null, name: '', kind: 'own', path: '' } as const;
  const shares = (keeper?.known?.shares ?? []).filter((each) => each.standing === 'member');
  const rows = await Promise.all(
    shares.map(async ({ namespace, name, kind }): Promise<UsageRow> => {
      const mount = main.state.mounts.get(namespace);
      const path = mount && pathOfPlace(main, mount.place);
      const room = await roomOf(keeper?.running.get(namespace)?.engine ?? null);
      return rowOf({ share: namespace, name, kind, path }, room);
    }),
  );
  return ok({ namespaces: [rowOf(mine, own.value), ...rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))] });
}

async function roomOf(engine: Engine | null): Promise<Room> {
  if (engine === null || noServer(engine) !== null) return UNKNOWN;
  const asked = await engine.server.usage();
  return asked.kind === 'ok' ? asked.value : UNKNOWN;
}

function rowOf(of: Pick<UsageRow, 'share' | 'name' | 'kind' | 'path'>, room: Room): UsageRow {
  return { ...of, ...room, sentence: sentenceOf(of, room) };
}

function sentenceOf(of: Pick<UsageRow, 'name' | 'kind'>, { used, quota }: Room): string {
  const what = whatOf(of);
  if (used === null)
    return `How much ${what} stores could not be asked; its folder is not in step on this computer.`;
  const most = quota === null ? 'as much as the server has room for' : `at most ${bytesText(quota)}`;
  return `${what} stores ${bytesText(used)}, and may store ${most}.`;
}

function whatOf({ name, kind }: Pick<UsageRow, 'name' | 'kind'>): string {
  switch (kind) {
    case 'own':
      return 'Your own space';
    case 'folder':
      return `The shared folder ${name}`;
    case 'team':
      return `The team space ${name}`;
    default:
      return assertNever(kind);
  }
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function bytesText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}
