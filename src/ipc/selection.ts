/** What is kept on this computer: ignore rules (for everybody, or only here) and folders that stay online. */
import { type Static, Type } from 'typebox';
import { Count, oneOf, open, record, Sentence, ShownPath, SyncPath } from './shapes.ts';

const RulesText = Type.String({ maxLength: 256 * 1024 });

/** The rules of one folder ('' is the synced folder): `.tidemarkignore`, synced like any file, and its twin that stays here. */
export const IgnoreGetParams = record({ folder: Type.Union([SyncPath, Type.Literal('')]) });
export const IgnoreGetResult = open({ shared: RulesText, local: RulesText });
export type IgnoreGetResult = Static<typeof IgnoreGetResult>;

/** What would change if the rules were these; nothing is written, and no rule ever deletes. */
const rules = { shared: RulesText, local: RulesText };
export const IgnorePreviewParams = record({
  folder: Type.Union([SyncPath, Type.Literal('')]),
  ...rules,
});
export const IgnorePreviewResult = open({
  /** Synced now, and left alone from then on: they stay here and on the server. */
  stops: Count,
  stopsBytes: Count,
  stopsPaths: Type.Array(ShownPath, { maxItems: 100 }),
  /** Left out now, and synced from then on. */
  starts: Count,
  startsPaths: Type.Array(ShownPath, { maxItems: 100 }),
  /** Lines that are no rule, by number from 1 in one of the two texts. */
  faults: Type.Array(open({ where: oneOf('shared', 'local'), line: Count, sentence: Sentence })),
});
export type IgnorePreviewResult = Static<typeof IgnorePreviewResult>;
/** `seen`: what the texts were made from. Of one that is as it was seen nothing is written; one that is not is refused. */
export const IgnoreSetParams = record({
  folder: Type.Union([SyncPath, Type.Literal('')]),
  ...rules,
  seen: Type.Optional(record(rules)),
});
export const IgnoreSetResult = open({ sentence: Sentence });

/** The folders directly below one, as the server has them. */
export const FoldersParams = record({ folder: Type.Union([SyncPath, Type.Literal('')]) });
export const FolderRow = open({
  node: Type.String(),
  path: ShownPath,
  name: Type.String(),
  files: Count,
  bytes: Count,
  /** 'partly': something below it stays online. */
  place: oneOf('here', 'online', 'partly'),
  hasFolders: Type.Boolean(),
});
export type FolderRow = Static<typeof FolderRow>;
export const FoldersResult = open({ folders: Type.Array(FolderRow) });
export type FoldersResult = Static<typeof FoldersResult>;

/**
 * "Remove from this computer, stays online". First the plan (`dryRun`), then the act: refused as a whole while anything
 * below is not verified to be on the server, and told which; what no rule syncs is never touched.
 */
export const FolderRemoveParams = record({ path: SyncPath, dryRun: Type.Boolean() });
export const FolderRemoveResult = open({
  path: ShownPath,
  files: Count,
  bytes: Count,
  /** What keeps it from being removed; empty when it can be, or was. */
  blocked: Type.Array(
    open({
      path: ShownPath,
      /** 'coming': changed by others, not here yet. 'left-out': a rule leaves it out, so that nobody looked at it. */
      why: oneOf('not-uploaded', 'coming', 'conflict', 'problem', 'unseen', 'left-out'),
    }),
  ),
  blockedTotal: Count,
  removed: Type.Boolean(),
  sentence: Sentence,
});
export type FolderRemoveResult = Static<typeof FolderRemoveResult>;

export const FolderBringParams = record({ path: SyncPath });
export const FolderBringResult = open({ path: ShownPath, files: Count, sentence: Sentence });
