/** What has to be covered to its last branch, and by which tests. */
export interface Area {
  readonly name: string;
  /** Globs, from the repository. */
  readonly sources: readonly string[];
}

export interface Half {
  readonly name: string;
  readonly tests: readonly string[];
  /** Patterns of test names that add nothing here. */
  readonly skip: readonly string[];
  readonly areas: readonly Area[];
}

const executor = (name: string): string => `src/engine/executor/${name}.ts`;
const share = (name: string): string => `src/engine/shares/${name}.ts`;
const local = (name: string): string => `src/engine/local/${name}.ts`;

export const HALVES: readonly Half[] = [
  {
    name: 'server',
    tests: [
      'test/server/metadata-*.test.ts',
      ...['sharing', 'quota', 'retention', 'kept', 'coming-back', 'cold'].map(
        (name) => `test/server/${name}.test.ts`,
      ),
      'test/attacks/route-matrix.test.ts',
    ],
    skip: [],
    areas: [
      { name: 'finalize', sources: ['server-stub/metadata/rules/*.ts', 'server-stub/metadata/rules.ts'] },
    ],
  },
  {
    name: 'planner',
    tests: ['test/planner/*.test.ts', 'test/scenarios/*.test.ts'],
    skip: ['sides swapped'],
    areas: [{ name: 'planner', sources: ['src/core/planner/*.ts'] }],
  },
  {
    name: 'client',
    tests: [
      'test/apply/*.test.ts',
      'test/scenarios/*.test.ts',
      'test/engine/power-cut.test.ts',
      'test/engine/shape-after-stop.test.ts',
      'test/engine/older-state.test.ts',
      'test/simulation/shar*.test.ts',
      'test/ipc/shown-path.test.ts',
    ],
    skip: ['sides swapped'],
    areas: [
      {
        name: 'apply',
        sources: [
          'structure-lane',
          'agreed-place',
          'shaped-late',
          'remover',
          'staging',
          'displaced',
          'in-the-way',
          'put-back',
          'overwritten',
          'keep-in-trash',
          'download-lane',
          'brake-gate',
          'cut-short',
          'unseen-after-cut',
        ].map(executor),
      },
      {
        name: 'what decides a delete',
        sources: [
          ...[
            'missing',
            'sighting-judge',
            'sightings',
            'strangers',
            'leaving',
            'emptied',
            'folder-lists',
            'hinted-names',
            'entries',
          ].map(local),
          'src/engine/older-state.ts',
        ],
      },
      {
        name: 'the same, between shares',
        sources: ['crossings', 'share-ending', 'share-standing', 'mount-borders', 'outward'].map(share),
      },
    ],
  },
];
