/** Pages of answers. */
import { assertNever } from '../../src/protocol/assert-never.ts';
import type {
  ChunkStory,
  ConflictStory,
  DeviceStory,
  Evidence,
  ExplainAnswer,
  NameMatches,
  NothingFound,
  VersionStory,
} from './answer.ts';
import { lineageOf } from './lineage.ts';
import { nodePage } from './node-page.ts';
import {
  type Block,
  bytes,
  count,
  fact,
  id,
  mark,
  name,
  type Page,
  plural,
  span,
  text,
  time,
} from './page.ts';
import {
  actionSection,
  causeCell,
  changeTable,
  decisionSection,
  lifeCell,
  nodeAbout,
  nodeCell,
  reachSection,
  STATE,
  verdictCell,
  versionTable,
  wakeCells,
  whoCells,
} from './parts.ts';

export function pageOf(answer: ExplainAnswer): Page {
  switch (answer.kind) {
    case 'nothing':
      return nothingPage(answer);
    case 'matches':
      return matchesPage(answer);
    case 'node':
      return nodePage(answer);
    case 'version':
      return versionPage(answer);
    case 'device':
      return devicePage(answer);
    case 'chunk':
      return chunkPage(answer);
    case 'conflict':
      return conflictPage(answer);
    default:
      return assertNever(answer, 'answer');
  }
}

export function moreBlock(about: string, after: string | null): readonly Block[] {
  return after === null ? [] : [{ kind: 'more', words: 'Further back', about, after }];
}

function nothingPage({ question, why }: NothingFound): Page {
  return {
    title: [name(question.about)],
    sort: 'Nothing found',
    sections: [{ heading: 'Why', blocks: [{ kind: 'words', words: why }] }],
  };
}

function matchesPage({ question, matches, next }: NameMatches): Page {
  const rows = matches.map(({ at, name: found, since, likeness }) => [
    nodeCell(at),
    name(at.owner),
    text(at.nodeKind),
    lifeCell(at),
    since === null ? text('stands there') : name(found),
    time(since),
    text(likeness === 1 ? 'the same' : `${Math.round(likeness * 100)} %`),
  ]);
  return {
    title: [name(question.about)],
    sort: plural(matches.length, 'match', 'matches'),
    sections: [
      {
        heading: 'What is, or was, called so',
        blocks: [
          {
            kind: 'table',
            columns: [
              'Where it is',
              'Whose',
              'Kind',
              'Standing',
              'Name that fits',
              'Had it since',
              'Likeness',
            ],
            rows,
            empty: 'Nothing among the names that were looked at; there are more.',
          },
          ...moreBlock(question.about, next),
        ],
      },
    ],
  };
}

function versionPage(story: VersionStory): Page {
  const { at, version, base } = story;
  const facts: Block = {
    kind: 'facts',
    facts: [
      fact('File', nodeCell(at), lifeCell(at)),
      fact('Id', id(version.version, null)),
      fact('Made by', ...whoCells(version.by)),
      fact('Saved there', time(version.editedAt)),
      fact('Committed', time(version.at), text(`as change ${count(version.seq)}`)),
      fact('Key', text(version.key === null ? 'not recorded' : String(version.key))),
      ...(version.content.kind === 'file'
        ? [
            fact('Manifest', id(version.content.manifest, null)),
            fact('Size', text(`${bytes(version.content.size)} in ${plural(story.chunkCount, 'chunk')}`)),
          ]
        : [fact('Points to', name(version.content.target))]),
    ],
  };
  return {
    title: [name(at.path, nodeAbout(at)), text(`V${version.number}`)],
    sort: 'Version',
    sections: [
      { heading: 'In short', blocks: [facts] },
      { heading: 'It and its base', blocks: [versionTable(base === null ? [version] : [version, base])] },
      {
        heading: 'What it is made of',
        blocks: [
          {
            kind: 'table',
            columns: ['Chunk', 'Size', 'Standing'],
            rows: story.chunks.map(({ chunk, size, state }) => [id(chunk), text(bytes(size)), STATE[state]]),
            empty: 'It has no bytes of its own, or its manifest is not kept.',
          },
        ],
      },
      reachSection(story.reach),
      decisionSection(story.decisions),
      actionSection(story.actions),
    ],
  };
}

function devicePage(story: DeviceStory): Page {
  const { by } = story;
  const table = (
    columns: readonly string[],
    rows: Extract<Block, { kind: 'table' }>['rows'],
    empty: string,
  ): Block => ({
    kind: 'table',
    columns,
    rows,
    empty,
  });
  return {
    title: [name(by.deviceName), text('of'), name(by.user)],
    sort: 'Device',
    sections: [
      {
        heading: 'In short',
        blocks: [
          {
            kind: 'facts',
            facts: [
              fact('Id', id(by.device, null)),
              fact('System', name(story.os)),
              fact('Linked', time(story.linkedAt)),
              fact('Last seen', time(story.lastSeenAt)),
              fact(
                'Standing',
                story.revokedAt === null ? mark('linked', 'good') : mark('ended', 'careful'),
                ...(story.revokedAt === null ? [] : [time(story.revokedAt)]),
              ),
              fact('Starts of its engine', text(count(story.starts))),
              fact('Notified', ...wakeCells(story.wake)),
            ],
          },
        ],
      },
      {
        heading: 'How far it is',
        blocks: [
          table(
            ['Space', 'Standing', 'Acknowledged', 'Of', 'When', 'Waits since'],
            story.surfaces.map((each) => [
              name(each.owner),
              verdictCell(each.verdict, each.behind),
              text(each.ackedSeq === null ? 'nothing' : count(each.ackedSeq)),
              text(count(each.headSeq)),
              time(each.ackedAt),
              time(each.waitingSince),
            ]),
            'It syncs nothing.',
          ),
        ],
      },
      {
        heading: 'What it changed',
        blocks: [
          changeTable(story.changes, 'Nothing, as far as is remembered.'),
          ...moreBlock(by.device, story.next),
        ],
      },
      {
        heading: 'Answers it has not confirmed',
        blocks: [
          {
            kind: 'words',
            words: `Every key below ${count(story.settledBelow)} is settled. The same key always gets the same answer.`,
          },
          table(
            ['Key', 'Outcome'],
            story.unsettled.map(({ key, outcome }) => [text(count(key)), text(outcome)]),
            'None.',
          ),
        ],
      },
      {
        heading: 'Uploads under way',
        blocks: [
          table(
            ['Session', 'Files', 'Bytes', 'Opened', 'Ends'],
            story.sessions.map((each) => [
              text(each.session.slice(0, 8)),
              text(count(each.files)),
              text(bytes(each.bytes)),
              time(each.openedAt),
              time(each.expiresAt),
            ]),
            'None.',
          ),
        ],
      },
      actionSection(story.actions),
    ],
  };
}

function chunkPage(story: ChunkStory): Page {
  return {
    title: [id(story.chunk, null)],
    sort: 'Chunk',
    sections: [
      {
        heading: 'Where it is',
        blocks: [
          {
            kind: 'table',
            columns: ['Account', 'Standing', 'Size', 'Stored', 'Quarantined', 'Held by an upload', 'Place'],
            rows: story.copies.map((each) => [
              text(each.tenant),
              STATE[each.state],
              text(bytes(each.size)),
              time(each.storedAt),
              time(each.quarantinedAt),
              text(each.pinned ? 'yes' : 'no'),
              text(each.location),
            ]),
            empty: 'Nowhere any more.',
          },
        ],
      },
      {
        heading: 'Who needs it',
        blocks: [
          {
            kind: 'table',
            columns: ['File', 'Whose', 'Version', 'Committed'],
            rows: story.references.map(({ at, version }) => [
              nodeCell(at),
              name(at.owner),
              id(`V${version.number}`, version.version),
              time(version.at),
            ]),
            empty:
              story.next === null
                ? 'No version.'
                : 'No version among the manifests that were looked at; there are more.',
          },
          ...moreBlock(story.chunk, story.next),
        ],
      },
      decisionSection(story.decisions),
      actionSection(story.actions),
    ],
  };
}

function conflictPage(story: ConflictStory): Page {
  const { line, original, copy, ancestor, theirs, mine, settled } = story;
  const sides = [theirs, mine, ancestor].filter((each) => each !== null);
  return {
    title: [
      line.path === null ? text('Conflict') : name(line.path, original === null ? null : nodeAbout(original)),
    ],
    sort: 'Conflict',
    sections: [
      {
        heading: 'In short',
        blocks: [
          {
            kind: 'facts',
            facts: [
              fact('Id', id(line.conflict, null)),
              fact('Cause', causeCell(line.cause)),
              fact('Standing', line.status === 'open' ? mark('open', 'careful') : mark('settled', 'good')),
              fact('Came about', time(line.at), text('by'), ...whoCells(line.by)),
              fact('Kept the path', original === null ? text('forgotten') : nodeCell(original)),
              fact('The copy', copy === null ? text('forgotten') : nodeCell(copy)),
              ...(settled === null
                ? []
                : [
                    fact(
                      'Settled',
                      time(settled.at),
                      text('by'),
                      ...whoCells(settled.by),
                      text(`keeping ${settled.keep}`),
                    ),
                  ]),
            ],
          },
        ],
      },
      {
        heading: 'Was it true concurrency, offline work, or our lag?',
        blocks: evidenceBlocks(story.evidence, line.cause),
      },
      {
        heading: 'Both sides, and what they came from',
        blocks: [
          ...(theirs !== null && mine !== null
            ? [
                {
                  kind: 'lineage' as const,
                  graph: lineageOf(
                    [theirs, ...(ancestor === null || ancestor.version === theirs.version ? [] : [ancestor])],
                    [{ version: mine, cause: line.cause }],
                    original?.live ?? false,
                  ),
                },
              ]
            : []),
          versionTable(sides),
        ],
      },
      decisionSection(story.decisions),
      actionSection(story.actions),
    ],
  };
}

function evidenceBlocks(evidence: Evidence, recorded: ConflictStory['line']['cause']): readonly Block[] {
  const { supersededAt, editedAt, receivedAt, heldBackMs, afterHeadMs, derived } = evidence;
  return [
    { kind: 'words', words: verdict(evidence, recorded) },
    {
      kind: 'facts',
      facts: [
        fact('Its base stopped being the head', time(supersededAt)),
        fact('The edit was saved, by its device’s clock', time(editedAt)),
        fact('It arrived here', time(receivedAt)),
        fact('On its way', text(heldBackMs === null ? 'not known' : span(heldBackMs))),
        fact(
          'Saved after the newer head was here',
          text(
            afterHeadMs === null
              ? 'not known'
              : afterHeadMs > 0
                ? span(afterHeadMs)
                : `no, ${span(afterHeadMs)} before`,
          ),
        ),
        ...(derived === null || derived === recorded
          ? []
          : [fact('These times say now', mark(derived, 'careful'), text(`and ${recorded} was recorded`))]),
      ],
    },
  ];
}

function verdict({ heldBackMs, afterHeadMs }: Evidence, cause: ConflictStory['line']['cause']): string {
  const held = heldBackMs === null ? 'a while' : span(heldBackMs);
  const after = afterHeadMs === null ? 'some time' : span(afterHeadMs);
  switch (cause) {
    case 'offline':
      return `Offline work: the edit was ${held} on its way, so it was made without a connection.`;
    case 'lag':
      return `Our lag: the edit was saved ${after} after the newer head was here, and its device had not been told.`;
    case 'concurrent':
      return 'True concurrency: both were at it at once; nobody was offline, and nobody was told late.';
    case 'name-clash':
      return 'Neither: two different files came to one name.';
    case 'edit-delete':
      return 'Neither: one side edited what the other deleted.';
    default:
      return assertNever(cause, 'cause');
  }
}
