/** The page of a file or folder. */
import type { Grave, NodeStory } from './answer.ts';
import { lineageOf } from './lineage.ts';
import {
  type Block,
  count,
  type Fact,
  fact,
  id,
  mark,
  name,
  type Page,
  plural,
  type Section,
  text,
  time,
} from './page.ts';
import {
  actionSection,
  changeTable,
  conflictTable,
  decisionSection,
  lifeCell,
  nodeAbout,
  nodeCell,
  reachSection,
  versionTable,
  whoCells,
} from './parts.ts';

export function nodePage(story: NodeStory): Page {
  const { at } = story;
  return {
    title: [name(at.path)],
    sort: at.nodeKind === 'folder' ? 'Folder' : at.nodeKind === 'file' ? 'File' : 'Link',
    sections: [
      { heading: 'In short', blocks: [{ kind: 'facts', facts: factsOf(story) }] },
      ...(story.grave === null ? [] : [graveSection(story.grave, story)]),
      {
        heading: 'Every name it had',
        blocks: [
          {
            kind: 'table',
            columns: ['Name', 'Since', 'Change'],
            rows: story.names.map((each) => [name(each.name), time(each.at), text(count(each.seq))]),
            empty: 'None: it is the root of its space.',
          },
        ],
      },
      ...(at.nodeKind === 'folder' ? [childrenSection(story)] : versionSections(story)),
      {
        heading: 'Changes that name it',
        blocks: [
          ...unread(story),
          changeTable(story.changes, 'None, as far as the journal is kept.'),
          ...further(story, 'c'),
        ],
      },
      reachSection(story.reach),
      ...(story.conflicts.length === 0
        ? []
        : [{ heading: 'Conflicts', blocks: [conflictTable(story.conflicts, 'None.')] }]),
      decisionSection(story.decisions),
      actionSection(story.actions),
    ],
  };
}

function factsOf(story: NodeStory): readonly Fact[] {
  const { at, successor, headSeq, placeSeq } = story;
  return [
    fact('Standing', lifeCell(at)),
    fact('Whose', name(at.owner)),
    fact('Id', id(at.node, null)),
    fact('Space', id(at.namespace, null)),
    ...(at.nodeKind === 'folder' ? [] : [fact('Content as of change', text(count(headSeq)))]),
    fact('Place as of change', text(count(placeSeq))),
    ...(successor === null ? [] : [fact('Its content went on as', nodeCell(successor))]),
  ];
}

const STANDING: Readonly<Record<Grave['standing'], string>> = {
  'came-back': 'it came back since',
  'in-trash': 'in the trash: it can be brought back',
  'let-go': 'let go: its bytes may be gone',
};

function graveSection(grave: Grave, { at }: NodeStory): Section {
  const { standing, within } = grave;
  return {
    heading: at.live ? 'The deletion before it came back' : 'How it was deleted',
    blocks: [
      {
        kind: 'facts',
        facts: [
          fact('When', time(grave.at), text(`as change ${count(grave.seq)}`)),
          fact('By', ...(grave.by === null ? [text('not recorded any more')] : whoCells(grave.by))),
          fact('Key', text(grave.key === null ? 'not recorded' : String(grave.key))),
          fact(
            'What was deleted',
            ...(within === null
              ? [text('it itself')]
              : [text('the folder'), name(within.name, nodeAbout({ ...at, node: within.node }))]),
          ),
          fact('Its content then', grave.head === null ? text('none') : id(grave.head)),
          fact('Standing', mark(STANDING[standing], standing === 'let-go' ? 'bad' : 'plain')),
        ],
      },
    ],
  };
}

function versionSections(story: NodeStory): readonly Section[] {
  const { versions, forks, at } = story;
  return [
    {
      heading: 'Lineage',
      blocks: [{ kind: 'lineage', graph: lineageOf(versions, forks, at.live) }],
    },
    { heading: 'Versions', blocks: [versionTable(versions), ...further(story, 'v')] },
  ];
}

function childrenSection(story: NodeStory): Section {
  const { children, at } = story;
  return {
    heading: 'What is in it',
    blocks: [
      {
        kind: 'table',
        columns: ['Name', 'Kind'],
        rows: children.map(({ node, nodeKind, name: child }) => [
          name(child, nodeAbout({ ...at, node })),
          text(nodeKind),
        ]),
        empty: 'Nothing.',
      },
      ...further(story, 'n'),
    ],
  };
}

/** Where the longest of the lists goes on. */
function further({ next, at }: NodeStory, kind: 'v' | 'c' | 'n'): readonly Block[] {
  if (next === null || !next.startsWith(kind)) return [];
  return [{ kind: 'more', words: 'Further', about: nodeAbout(at), after: next }];
}

function unread({ unread: changes }: NodeStory): readonly Block[] {
  if (changes === 0) return [];
  const words = `The newest ${plural(changes, 'change')} of this space ${changes === 1 ? 'was' : 'were'} not looked through yet: the lineage job is behind.`;
  return [{ kind: 'words', words }];
}
