/** Nodes that both sides once agreed on: one or more cases for every cell of the table. */
import type { Cell } from './cell.ts';
import { id } from './memory-trees.ts';
import { scene } from './scene.ts';

export const WITH_BASE_CELLS: readonly Cell[] = [
  {
    cell: 'with base: seen × live',
    says: 'the same on both sides is nothing to do',
    of: scene().agree('f'),
    expect: 'nothing',
  },
  {
    cell: 'with base: seen × live',
    says: 'a new place goes before a new content',
    of: scene().agree('f').here('f', { content: '2' }).there('f', { name: 'g' }),
    expect: 'move-here',
  },
  {
    cell: 'with base: seen × live',
    says: 'an edit goes up although the new place there cannot be had here',
    of: withBadName(scene().agree('f').here('f', { content: '2' }).there('f', { name: 'CON' })),
    expect: 'edit',
  },
  {
    cell: 'with base: seen × live',
    says: 'when nothing is new but a place that cannot be had here, that is said',
    of: withBadName(scene().agree('f').there('f', { name: 'CON' })),
    expect: 'hold',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file moved and edited here and deleted there returns at the new place first',
    of: scene().agree('f').here('f', { name: 'g', content: '2' }).there('f', { dead: true }),
    expect: 'move',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file deleted there goes into the trash of this device',
    of: scene().agree('f').there('f', { dead: true }),
    expect: 'trash',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file edited here and deleted there returns with the edit',
    of: scene().agree('f').here('f', { content: '2' }).there('f', { dead: true }),
    expect: 'edit',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file changed here and deleted there is read before anything happens to it',
    of: scene().agree('f').here('f', { unhashed: true, stamp: 'new' }).there('f', { dead: true }),
    expect: 'hash',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file touched here and deleted there is agreed on as it stands, and goes next',
    of: scene().agree('f').here('f', { stamp: 'new' }).there('f', { dead: true }),
    expect: 'adopt',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file moved here and deleted there returns at the new place',
    of: scene().agree('f').here('f', { name: 'g' }).there('f', { dead: true }),
    expect: 'move',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a file in a folder that was moved here waits for the folder, which brings it back',
    of: scene()
      .folder('D')
      .agree('f', { in: 'D' })
      .here('D', { name: 'E' })
      .there('D', { dead: true })
      .there('f', { dead: true }),
    expect: 'wait',
  },
  {
    cell: 'with base: seen × dead',
    says: 'a folder deleted there waits until it is empty here',
    of: scene().folder('D').agree('f', { in: 'D' }).there('D', { dead: true }),
    node: 'D',
    expect: 'wait',
  },
  {
    cell: 'with base: seen × dead',
    says: 'an empty folder deleted there is removed',
    of: scene().folder('D').there('D', { dead: true }),
    node: 'D',
    expect: 'remove-folder',
  },
  {
    cell: 'with base: seen × dead',
    says: 'what stepped aside and was deleted there meanwhile is put down first',
    of: scene().agree('f').here('f', { parked: true }).there('f', { dead: true }),
    expect: 'unpark',
  },
  {
    cell: 'with base: seen × unknown',
    says: 'a node that the server does not know any more is asked about',
    of: scene().agree('f').unknownThere('f'),
    expect: 'review',
  },
  {
    cell: 'with base: seen × unknown',
    says: 'what stepped aside and is not known any more comes back into sight before it is asked about',
    of: scene().agree('f').here('f', { parked: true, in: '', name: 'hidden' }).unknownThere('f'),
    expect: 'unpark',
  },
  {
    cell: 'with base: absent × live',
    says: 'a file deleted here is deleted there',
    of: scene().agree('f').goneHere('f'),
    expect: 'delete',
  },
  {
    cell: 'with base: absent × live',
    says: 'a file deleted here and edited there comes back',
    of: scene().agree('f').goneHere('f').there('f', { content: '2' }),
    expect: 'drop-delete',
  },
  {
    cell: 'with base: absent × live',
    says: 'a file deleted here and moved there comes back at the new place',
    of: scene().agree('f').goneHere('f').there('f', { name: 'g' }),
    expect: 'drop-delete',
  },
  {
    cell: 'with base: absent × live',
    says: 'a file that went with its folder needs no word of its own',
    of: scene().folder('D').agree('f', { in: 'D' }).goneHere('D', 'f'),
    expect: 'nothing',
  },
  {
    cell: 'with base: absent × live',
    says: 'a file whose folder is known to be dead there is not deleted once more',
    of: scene().folder('D').agree('f', { in: 'D' }).goneHere('D', 'f').there('D', { dead: true }),
    expect: 'nothing',
  },
  {
    cell: 'with base: absent × live',
    says: 'a deleted folder waits while something below it is under way',
    of: withFlight(scene().folder('D').agree('f', { in: 'D' }).goneHere('D', 'f')),
    node: 'D',
    expect: 'wait',
  },
  {
    cell: 'with base: absent × live',
    says: 'a deleted folder waits while something new in it is under way',
    of: withClaim(scene().folder('D').goneHere('D')),
    node: 'D',
    expect: 'wait',
  },
  {
    cell: 'with base: absent × dead',
    says: 'deleted on both sides is forgotten',
    of: scene().agree('f').goneHere('f').there('f', { dead: true }),
    expect: 'forget',
  },
  {
    cell: 'with base: absent × unknown',
    says: 'gone here and unknown there is forgotten',
    of: scene().agree('f').goneHere('f').unknownThere('f'),
    expect: 'forget',
  },
  {
    cell: 'with base: unseen × live',
    says: 'what could not be observed rests, whatever happens there',
    of: scene().agree('f').here('f', { condition: 'unseen' }).there('f', { content: '2' }),
    expect: 'rest',
  },
  {
    cell: 'with base: unseen × dead',
    says: 'what could not be observed is not removed',
    of: scene().agree('f').here('f', { condition: 'unseen' }).there('f', { dead: true }),
    expect: 'rest',
  },
  {
    cell: 'with base: unseen × unknown',
    says: 'what could not be observed is not asked about',
    of: scene().agree('f').here('f', { condition: 'unseen' }).unknownThere('f'),
    expect: 'rest',
  },
  {
    cell: 'with base: excluded × live',
    says: 'what a rule leaves out is left alone when it changes there',
    of: scene().agree('f').here('f', { condition: 'excluded' }).there('f', { content: '2' }),
    expect: 'nothing',
  },
  {
    cell: 'with base: excluded × dead',
    says: 'what a rule leaves out is left alone when it is deleted there',
    of: scene().agree('f').here('f', { condition: 'excluded' }).there('f', { dead: true }),
    expect: 'nothing',
  },
  {
    cell: 'with base: excluded × unknown',
    says: 'what a rule leaves out is left alone when the server forgot it',
    of: scene().agree('f').here('f', { condition: 'excluded' }).unknownThere('f'),
    expect: 'nothing',
  },
  {
    cell: 'with base: leftover × live',
    says: 'a folder kept for what is not synced in it is one with the folder that lives there again',
    of: scene().folder('D').here('D', { condition: 'leftover' }),
    node: 'D',
    expect: 'adopt',
  },
  {
    cell: 'with base: leftover × dead',
    says: 'a folder kept for what is not synced in it is no synced folder any more',
    of: scene().folder('D').here('D', { condition: 'leftover' }).there('D', { dead: true }),
    node: 'D',
    expect: 'forget',
  },
  {
    cell: 'with base: leftover × unknown',
    says: 'a folder kept for what is not synced in it is left alone when the server forgot it',
    of: scene().folder('D').here('D', { condition: 'leftover' }).unknownThere('D'),
    node: 'D',
    expect: 'nothing',
  },
];

function withFlight(of: ReturnType<typeof scene>): ReturnType<typeof scene> {
  for (const row of of.remotes.all()) if (row.kind === 'file') of.flying.add(row.node);
  return of;
}

function withClaim(of: ReturnType<typeof scene>): ReturnType<typeof scene> {
  of.claimed.add(`${id('D')}/new`);
  return of;
}

function withBadName(of: ReturnType<typeof scene>): ReturnType<typeof scene> {
  of.badNames.set('CON', 'CON is a device');
  return of;
}
