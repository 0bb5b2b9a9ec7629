/** Nodes that only one side knows, or that both have without having agreed. */
import type { Cell } from './cell.ts';
import { id } from './memory-trees.ts';
import { scene } from './scene.ts';

export const WITHOUT_BASE_CELLS: readonly Cell[] = [
  {
    cell: 'without base: seen × live',
    says: 'our own creation whose answer was lost is agreed on',
    of: scene().here('f').there('f'),
    expect: 'adopt',
  },
  {
    cell: 'without base: seen × live',
    says: 'our own creation, edited before its answer came, is claimed once more',
    of: scene().here('f', { content: '2' }).there('f'),
    expect: 'create',
  },
  {
    cell: 'without base: seen × live',
    says: 'our own creation is read before it is compared',
    of: scene().here('f', { unhashed: true }).there('f'),
    expect: 'hash',
  },
  {
    cell: 'without base: seen × live',
    says: 'our own new folder whose answer was lost is agreed on',
    of: scene().here('f', { kind: 'folder' }).there('f', { kind: 'folder' }),
    expect: 'adopt',
  },
  {
    cell: 'without base: seen × dead',
    says: 'our own creation that somebody deleted before its answer came is agreed on first',
    of: scene().here('f').there('f', { dead: true }),
    expect: 'adopt',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new file goes up',
    of: scene().here('f'),
    expect: 'create',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new file is read before it goes up',
    of: scene().here('f', { unhashed: true }),
    expect: 'hash',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new file waits for its new folder',
    of: scene().here('D', { kind: 'folder' }).here('f', { in: 'D' }),
    expect: 'wait',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new folder in a new folder goes up with it',
    of: scene().here('D', { kind: 'folder' }).here('E', { kind: 'folder', in: 'D' }),
    node: 'E',
    expect: 'create',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new file in a left-over folder that the server forgot takes the folder along',
    of: scene().here('D', { kind: 'folder', condition: 'leftover' }).here('f', { in: 'D' }),
    expect: 'rejoin',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new file in an excluded folder waits',
    of: scene().folder('D').here('D', { condition: 'excluded' }).here('f', { in: 'D' }),
    expect: 'wait',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'two new folders of one name are one folder',
    of: scene().here('f', { kind: 'folder', name: 'x' }).there('g', { kind: 'folder', name: 'x' }),
    expect: 'bind',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a folder deleted and made again is a new folder',
    of: scene().folder('D').goneHere('D').here('f', { kind: 'folder', name: 'D' }),
    expect: 'create',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'two new files of one name and content are one file',
    of: scene().here('f', { name: 'x' }).there('g', { name: 'x' }),
    expect: 'bind',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'two new files of one name and other contents are both kept: the server renames the later',
    of: scene().here('f', { name: 'x', content: '2' }).there('g', { name: 'x' }),
    expect: 'create',
  },
  {
    cell: 'without base: seen × unknown',
    says: 'a new folder where another device moved one of ours goes up beside it',
    of: scene().folder('D').there('D', { name: 'x' }).here('f', { kind: 'folder', name: 'x' }),
    expect: 'create',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file there is fetched',
    of: scene().there('f'),
    expect: 'fetch',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new folder there is made',
    of: scene().there('f', { kind: 'folder' }),
    expect: 'make-folder',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new folder in a new folder is made with it',
    of: scene().there('D', { kind: 'folder' }).there('f', { kind: 'folder', in: 'D' }),
    expect: 'make-folder',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file waits for a folder that was deleted here',
    of: scene().folder('D').goneHere('D').there('f', { in: 'D' }),
    expect: 'wait',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file in a folder that this disk cannot hold rests with it',
    of: withBadName(scene().there('D', { kind: 'folder', name: 'CON' }).there('f', { in: 'D' })),
    expect: 'rest',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file in a folder that could not be observed rests',
    of: scene().folder('D').here('D', { condition: 'unseen' }).there('f', { in: 'D' }),
    expect: 'rest',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file in an excluded folder is left alone',
    of: scene().folder('D').here('D', { condition: 'excluded' }).there('f', { in: 'D' }),
    expect: 'nothing',
  },
  {
    cell: 'without base: absent × live',
    says: 'a name that this disk cannot hold is held, with a reason',
    of: withBadName(scene().there('f', { name: 'CON' })),
    expect: 'hold',
  },
  {
    cell: 'without base: absent × live',
    says: 'a symbolic link is held on a disk without them',
    of: withoutLinks(scene().there('f', { kind: 'symlink' })),
    expect: 'hold',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file waits for what is new here at its name: that is compared first',
    of: scene().there('f', { name: 'x' }).here('g', { name: 'x', content: '2' }),
    expect: 'wait',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file waits while what stands at its name cannot be observed',
    of: scene().there('f', { name: 'x' }).here('g', { name: 'x', condition: 'unseen' }),
    expect: 'wait',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file is held while something excluded stands at its name',
    of: scene().there('f', { name: 'x' }).here('g', { name: 'x', condition: 'excluded' }),
    expect: 'hold',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new folder is one with the leftover one at its name',
    of: scene()
      .there('f', { kind: 'folder', name: 'x' })
      .here('g', { kind: 'folder', name: 'x', condition: 'leftover' }),
    expect: 'bind',
  },
  {
    cell: 'without base: absent × live',
    says: 'a new file is held while a leftover folder stands at its name',
    of: scene().there('f', { name: 'x' }).here('g', { kind: 'folder', name: 'x', condition: 'leftover' }),
    expect: 'hold',
  },
  {
    cell: 'without base: absent × dead',
    says: 'what came and went there while we were away is nothing to do',
    of: scene().there('f', { dead: true }),
    expect: 'nothing',
  },
  {
    cell: 'without base: absent × unknown',
    says: 'what came and went here before it was sent is nothing to do',
    of: scene(),
    expect: 'nothing',
  },
  {
    cell: 'without base: unseen × live',
    says: 'without a base, what could not be observed rests',
    of: scene().here('f', { condition: 'unseen' }).there('f'),
    expect: 'rest',
  },
  {
    cell: 'without base: unseen × dead',
    says: 'without a base, what could not be observed rests when it is deleted there',
    of: scene().here('f', { condition: 'unseen' }).there('f', { dead: true }),
    expect: 'rest',
  },
  {
    cell: 'without base: unseen × unknown',
    says: 'something new that could not be observed rests',
    of: scene().here('f', { condition: 'unseen' }),
    expect: 'rest',
  },
  {
    cell: 'without base: excluded × live',
    says: 'without a base, what a rule leaves out is left alone',
    of: scene().here('f', { condition: 'excluded' }).there('f'),
    expect: 'nothing',
  },
  {
    cell: 'without base: excluded × dead',
    says: 'without a base, what a rule leaves out is left alone when it is deleted there',
    of: scene().here('f', { condition: 'excluded' }).there('f', { dead: true }),
    expect: 'nothing',
  },
  {
    cell: 'without base: excluded × unknown',
    says: 'something new that a rule leaves out is left alone',
    of: scene().here('f', { condition: 'excluded' }),
    expect: 'nothing',
  },
  {
    cell: 'without base: leftover × live',
    says: 'a leftover folder that lives there again is agreed on',
    of: scene().here('f', { kind: 'folder', condition: 'leftover' }).there('f', { kind: 'folder' }),
    expect: 'adopt',
  },
  {
    cell: 'without base: leftover × dead',
    says: 'a leftover folder stays as long as something is in it',
    of: scene()
      .here('f', { kind: 'folder', condition: 'leftover' })
      .there('f', { kind: 'folder', dead: true }),
    expect: 'nothing',
  },
  {
    cell: 'without base: leftover × unknown',
    says: 'a leftover folder that the server forgot is left alone',
    of: scene().here('f', { kind: 'folder', condition: 'leftover' }),
    expect: 'nothing',
  },
  {
    cell: 'before the tables: under way',
    says: 'nothing is decided about a node with an operation under way',
    of: marked((of) => of.flying.add(id('f'))),
    expect: 'wait',
  },
  {
    cell: 'before the tables: held',
    says: 'nothing is decided about a node in the review queue',
    of: marked((of) => of.held.add(id('f'))),
    expect: 'rest',
  },
  {
    cell: 'before the tables: held',
    says: 'what changed on disk while it is held is read, since the question may be over',
    of: heldAndChanged(),
    expect: 'hash',
  },
  {
    cell: 'before the tables: deferred',
    says: 'what failed a moment ago is tried again later',
    of: marked((of) => of.deferred.add(id('f'))),
    expect: 'wait',
  },
];

function marked(mark: (of: ReturnType<typeof scene>) => void): ReturnType<typeof scene> {
  const of = scene().agree('f').goneHere('f');
  mark(of);
  return of;
}

function heldAndChanged(): ReturnType<typeof scene> {
  const of = scene().agree('f').here('f', { unhashed: true, stamp: 'new' });
  of.held.add(id('f'));
  return of;
}

function withBadName(of: ReturnType<typeof scene>): ReturnType<typeof scene> {
  of.badNames.set('CON', 'CON is a device');
  return of;
}

function withoutLinks(of: ReturnType<typeof scene>): ReturnType<typeof scene> {
  of.handlesSymlinks = false;
  return of;
}
