/** What has to be covered to its last branch, and by which tests. */
export interface Area {
  readonly name: string;
  /** Globs, from the repository. */
  readonly sources: readonly string[];
}

export interface Half {
  readonly name: string;
  readonly tests: readonly string[];
  readonly areas: readonly Area[];
}

const executor = (name: string): string => `src/engine/executor/${name}.ts`;
const local = (name: string): string => `src/engine/local/${name}.ts`;

export const HALVES: readonly Half[] = [
  {
    name: 'server',
    tests: ['test/server/metadata-*.test.ts'],
    areas: [
      { name: 'finalize', sources: ['server-stub/metadata/rules/*.ts', 'server-stub/metadata/rules.ts'] },
    ],
  },
  {
    name: 'client',
    tests: [
      'test/planner/*.test.ts',
      'test/engine/*.test.ts',
      'test/failures/*.test.ts',
      'test/faults/*.test.ts',
      'test/scenarios/*.test.ts',
      'test/simulation/*.test.ts',
    ],
    areas: [
      { name: 'planner', sources: ['src/core/planner/*.ts'] },
      {
        name: 'apply',
        sources: [
          'structure-lane',
          'staging',
          'displaced',
          'in-the-way',
          'put-back',
          'overwritten',
          'keep-in-trash',
          'download-lane',
          'brake-gate',
        ].map(executor),
      },
      {
        name: 'what decides a delete',
        sources: ['missing', 'sighting-judge', 'sightings', 'strangers', 'leaving'].map(local),
      },
    ],
  },
];
