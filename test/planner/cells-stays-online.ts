/** What stays online by the user's choice: cases for the cells in which it counts. */
import type { Cell } from './cell.ts';
import { id } from './memory-trees.ts';
import { type Scene, scene } from './scene.ts';

export const STAYS_ONLINE_CELLS: readonly Cell[] = [
  {
    cell: 'without base: absent × live',
    says: 'what stays online with its folder is not fetched',
    of: online(scene().there('D', { kind: 'folder' }).there('f', { in: 'D' }), 'D'),
    expect: 'nothing',
  },
  {
    cell: 'without base: absent × live',
    says: 'a folder that stays online is not made',
    of: online(scene().there('f', { kind: 'folder' }), 'f'),
    expect: 'nothing',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a file made here where the folder stays online goes up like any other',
    of: online(scene().folder('D').here('f', { in: 'D' }), 'D'),
    expect: 'create',
  },
  {
    cell: 'without base: leftover × live',
    says: 'a folder of which unsynced things were left over here is left alone while it stays online',
    of: online(
      scene().there('f', { kind: 'folder' }).here('f', { kind: 'folder', condition: 'leftover' }),
      'f',
    ),
    expect: 'nothing',
  },
  {
    cell: 'with base: absent × live',
    says: 'what is missing of a folder that stays online is never taken for deleted',
    of: online(scene().folder('D').agree('f', { in: 'D' }).goneHere('f'), 'D'),
    expect: 'forget',
  },
  {
    cell: 'with base: absent × live',
    says: 'what was on its way out and is missing has left, whatever was decided about its folder since',
    of: leaving(scene().agree('f').goneHere('f'), 'f'),
    expect: 'forget',
  },
  {
    cell: 'with base: seen × live',
    says: 'what is on its way out goes into the trash of this device',
    of: leaving(online(scene().folder('D').agree('f', { in: 'D' }), 'D'), 'f'),
    expect: 'trash',
  },
  {
    cell: 'with base: seen × live',
    says: 'what is on its way out and was edited stays',
    of: leaving(
      online(scene().folder('D').agree('f', { in: 'D' }).here('f', { in: 'D', content: '2' }), 'D'),
      'f',
    ),
    expect: 'stay',
  },
  {
    cell: 'with base: seen × live',
    says: 'what is on its way out and changed on disk stays',
    of: leaving(
      online(
        scene().folder('D').agree('f', { in: 'D' }).here('f', { in: 'D', unhashed: true, stamp: 'new' }),
        'D',
      ),
      'f',
    ),
    expect: 'stay',
  },
  {
    cell: 'with base: seen × live',
    says: 'what is on its way out stays when its folder does not stay online any more',
    of: leaving(scene().folder('D').agree('f', { in: 'D' }), 'f'),
    expect: 'stay',
  },
  {
    cell: 'with base: seen × live',
    says: 'a folder on its way out waits for what is in it',
    of: leaving(online(scene().folder('f').agree('g', { in: 'f' }), 'f'), 'f', 'g'),
    expect: 'wait',
  },
  {
    cell: 'with base: seen × live',
    says: 'a folder on its way out stays with what stays in it',
    of: leaving(online(scene().folder('f').agree('g', { in: 'f' }), 'f'), 'f'),
    expect: 'stay',
  },
  {
    cell: 'with base: seen × live',
    says: 'an empty folder on its way out is removed',
    of: leaving(online(scene().folder('f'), 'f'), 'f'),
    expect: 'remove-folder',
  },
  {
    cell: 'place: same × moved',
    says: 'moved to where all stays online, it leaves this disk',
    of: online(scene().agree('f').there('D', { kind: 'folder' }).there('f', { in: 'D' }), 'D'),
    expect: 'leave',
  },
  {
    cell: 'place: same × moved',
    says: 'moved to where all stays online and edited here, it goes up first',
    of: online(
      scene().agree('f').here('f', { content: '2' }).there('D', { kind: 'folder' }).there('f', { in: 'D' }),
      'D',
    ),
    expect: 'edit',
  },
  {
    cell: 'place: same × moved',
    says: 'a folder moved to where all stays online waits for what is new in it here',
    of: online(
      scene()
        .folder('f')
        .here('g', { in: 'f' })
        .there('D', { kind: 'folder' })
        .there('f', { in: 'D', kind: 'folder' }),
      'D',
    ),
    expect: 'wait',
  },
];

function online(of: Scene, label: string): Scene {
  of.online.add(id(label));
  return of;
}

function leaving(of: Scene, ...labels: readonly string[]): Scene {
  for (const label of labels) of.leaving.add(id(label));
  return of;
}
