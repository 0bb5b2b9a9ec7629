/** Where both sides live: what the place did against what the content did. */
import type { Cell } from './cell.ts';
import { scene } from './scene.ts';

export const CONTENT_CELLS: readonly Cell[] = [
  {
    cell: 'content: same × same',
    says: 'no new bytes on either side',
    of: scene().agree('f'),
    expect: 'nothing',
  },
  {
    cell: 'content: same × new-head',
    says: 'new bytes there are downloaded',
    of: scene().agree('f').there('f', { content: '2' }),
    expect: 'replace',
  },
  {
    cell: 'content: same × new-head',
    says: 'a new version there with the same bytes needs no download',
    of: scene().agree('f').there('f', { content: '1' }),
    expect: 'adopt',
  },
  {
    cell: 'content: same × new-head',
    says: 'a new version of a symbolic link is held on a disk without them',
    of: link(),
    expect: 'hold',
  },
  {
    cell: 'content: touched × same',
    says: 'a new time on the same bytes is only noted',
    of: scene().agree('f').here('f', { stamp: 'new' }),
    expect: 'adopt',
  },
  {
    cell: 'content: touched × new-head',
    says: 'a new time here is noted before the new bytes there are fetched',
    of: scene().agree('f').here('f', { stamp: 'new' }).there('f', { content: '2' }),
    expect: 'adopt',
  },
  {
    cell: 'content: edited × same',
    says: 'new bytes here go up',
    of: scene().agree('f').here('f', { content: '2' }),
    expect: 'edit',
  },
  {
    cell: 'content: edited × new-head',
    says: 'the same new bytes on both sides are agreed on',
    of: scene().agree('f').here('f', { content: '2' }).there('f', { content: '2' }),
    expect: 'adopt',
  },
  {
    cell: 'content: edited × new-head',
    says: 'other new bytes on both sides go up, and fork',
    of: scene().agree('f').here('f', { content: '2' }).there('f', { content: '3' }),
    expect: 'edit',
  },
  {
    cell: 'content: unhashed × same',
    says: 'what changed on disk is read first',
    of: scene().agree('f').here('f', { unhashed: true, stamp: 'new' }),
    expect: 'hash',
  },
  {
    cell: 'content: unhashed × new-head',
    says: 'what changed on disk is read before a new head is looked at',
    of: scene().agree('f').here('f', { unhashed: true, stamp: 'new' }).there('f', { content: '2' }),
    expect: 'hash',
  },
];

export const PLACE_CELLS: readonly Cell[] = [
  {
    cell: 'place: same × same',
    says: 'moved there and back is only noted',
    of: scene().agree('f').there('f', { rev: 7 }),
    expect: 'adopt',
  },
  {
    cell: 'place: same × same',
    says: 'what stepped aside goes back when its own place is free again',
    of: scene().agree('f').here('f', { parked: true }),
    expect: 'move-here',
  },
  {
    cell: 'place: same × moved',
    says: 'moved there is moved here',
    of: scene().agree('f').there('f', { name: 'g' }),
    expect: 'move-here',
  },
  {
    cell: 'place: same × moved',
    says: 'moved into a folder that is new here goes with that folder',
    of: scene().agree('f').there('D', { kind: 'folder' }).there('f', { in: 'D' }),
    expect: 'move-here',
  },
  {
    cell: 'place: same × moved',
    says: 'what stepped aside is put down when its new name cannot be had here',
    of: parkedForBadName(),
    expect: 'unpark',
  },
  {
    cell: 'place: moved × same',
    says: 'moved here is claimed',
    of: scene().agree('f').here('f', { name: 'g' }),
    expect: 'move',
  },
  {
    cell: 'place: moved × same',
    says: 'with one more extension and changed on disk, it is read first',
    of: scene()
      .agree('f')
      .agree('g', { name: 'g.txt' })
      .here('g', { name: 'g.txt.locked', unhashed: true, stamp: 'new' }),
    node: 'g',
    expect: 'hash',
  },
  {
    cell: 'place: moved × moved',
    says: 'moved to the same place on both sides is agreed on',
    of: scene().agree('f').here('f', { name: 'g' }).there('f', { name: 'g' }),
    expect: 'adopt',
  },
  {
    cell: 'place: moved × moved',
    says: "moved to different places, the server's wins",
    of: scene().agree('f').here('f', { name: 'g' }).there('f', { name: 'h' }),
    expect: 'drop-move',
  },
];

function link(): ReturnType<typeof scene> {
  const of = scene().agree('f', { kind: 'symlink' }).there('f', { content: '2', kind: 'file' });
  of.handlesSymlinks = false;
  return of;
}

function parkedForBadName(): ReturnType<typeof scene> {
  const of = scene().agree('f').here('f', { parked: true }).there('f', { name: 'CON' });
  of.badNames.set('CON', 'CON is a device');
  return of;
}
