/** Deliberate bugs between the engine and the disk: RULES 18 to 20 and DESIGN 5. */
import { mutants } from './mutant.ts';

export const DISK_MUTANTS = mutants(
  {
    id: 'no-look-before-an-update',
    rules: ['RULES 29', 'RULES 18', 'FAILURES 3.3', 'D6'],
    breaks: 'neither before nor after an exchange is it asked whether the file there is the agreed one',
    file: 'src/engine/executor/download-lane.ts',
    find: 'else if (outcome.displaced && !sameBytesLikely(expected, outcome.displaced))',
    replace:
      'else if (outcome.displaced && !sameBytesLikely(expected, outcome.displaced) && expected === "-")',
    also: [
      {
        file: 'src/engine/executor/download-lane.ts',
        find: "if (look?.kind === 'found' && encodeStamp(look.stamp) === state.synced.get(each.node)?.stamp) return;",
        replace: "if (look?.kind === 'found') return;",
      },
    ],
    hunt: { by: 'scenario', name: 'an edit that nobody announced is not overwritten by one that arrives' },
  },
  {
    id: 'displaced-bytes-are-not-read',
    rules: ['RULES 18'],
    breaks: 'what came out of an exchange with another stamp is taken for known without reading it',
    file: 'src/engine/executor/displaced.ts',
    find: "if (print.kind !== 'fingerprint') return false;",
    replace: 'if (print.kind !== null) return true;',
    also: [
      {
        file: 'src/engine/executor/download-lane.ts',
        find: "if (look?.kind === 'found' && encodeStamp(look.stamp) === state.synced.get(each.node)?.stamp) return;",
        replace: "if (look?.kind === 'found') return;",
      },
    ],
    hunt: { by: 'scenario', name: 'an edit that nobody announced is not overwritten by one that arrives' },
  },
  {
    id: 'save-after-an-exchange-is-recorded-as-clean',
    rules: ['RULES 18'],
    breaks: 'a save between the exchange and the look at it counts as the version that arrived',
    file: 'src/engine/executor/download-lane.ts',
    find: 'const untouched = sameBytesLikely(encodeStamp(arrival.ours), stamp);',
    replace: 'const untouched = true;',
    hunt: {
      by: 'test',
      file: 'test/engine/rules-disk.test.ts',
      name: 'RULES 18 (d): a save between the exchange',
    },
  },
  {
    id: 'displaced-file-is-erased-while-open',
    rules: ['RULES 18'],
    breaks: 'the file that was swapped out is erased although somebody has it open',
    file: 'src/engine/executor/displaced.ts',
    find: "if (out.kind === 'symlink' || !(await context.env.disk.maybeOpenElsewhere(arrival.staged)))",
    replace: "if (out.kind !== 'folder')",
    hunt: {
      by: 'test',
      file: 'test/engine/rules-disk.test.ts',
      name: 'RULES 18 (a): a descriptor opened just before',
    },
  },
  {
    id: 'writers-are-not-waited-for',
    rules: ['RULES 18'],
    breaks: 'a file is taken from under a program that is writing it',
    file: 'src/engine/executor/open-files.ts',
    find: 'const waiting = files.filter((_file, i) => written[i] === true);',
    replace: 'const waiting = files.filter((_file, i) => written[i] === null);',
    hunt: { by: 'test', file: 'test/engine/open-files.test.ts', name: 'what stays open is told by name' },
  },
  {
    id: 'staging-is-erased-at-start',
    rules: ['RULES 18', 'RULES 19'],
    breaks: 'after a kill everything in staging is erased, also a save that came out of an exchange',
    file: 'src/engine/executor/exchanges.ts',
    find: 'if (stamp !== undefined && !(await settleExchange(context, intent, stamp))) open.add(intent);',
    replace: 'void [stamp, settleExchange];',
    hunt: {
      by: 'test',
      file: 'test/engine/rules-disk.test.ts',
      name: 'RULES 18 (c): a stop after an exchange',
    },
  },
  {
    id: 'exchange-is-not-noted-before',
    rules: ['RULES 18'],
    breaks:
      'exchanges are not written down before they are made: after a kill nobody knows what lies in staging',
    file: 'src/engine/executor/download-lane.ts',
    find: 'if (wanted.length > 0) state.intents.begin(wanted.map((each) => this.intentOf(each)));',
    replace: 'void this.intentOf;',
    hunt: {
      by: 'test',
      file: 'test/engine/rules-disk.test.ts',
      name: 'RULES 18 (c): a stop after an exchange',
    },
  },
  {
    id: 'trashed-save-is-not-put-back',
    rules: ['FAILURES 3.3', 'D6'],
    breaks: 'a save in the moment of a removal stays in the trash',
    file: 'src/engine/executor/remover.ts',
    find: 'else if (!sameBytesLikely(each.row.stamp, outcome.stamp)) strays.push(each);',
    replace:
      "else if (!sameBytesLikely(each.row.stamp, outcome.stamp) && each.path === '') strays.push(each);",
    also: [
      {
        file: 'src/engine/executor/remover.ts',
        find: "const same = look?.kind === 'found' && encodeStamp(look.stamp) === each.row.stamp;",
        replace: "const same = look?.kind === 'found';",
      },
    ],
    hunt: { by: 'scenario', name: 'an edit that nobody announced is not deleted by a delete that arrives' },
  },
  {
    id: 'deletes-erase',
    rules: ['DESIGN 5', 'D6'],
    breaks: 'a file that another device deleted is erased, not moved to the trash',
    file: 'src/engine/executor/remover.ts',
    find: 'const strays: Removal[] = [];',
    replace: 'const strays: Removal[] = [];\n    await env.disk.eraseTrash(clean.map((each) => each.name));',
    hunt: { by: 'scenario', name: 'a deleted file goes to the trash of the other device' },
  },
  {
    id: 'existing-file-is-not-exchanged',
    rules: ['DESIGN 5', 'D6'],
    breaks: 'the old file is unlinked before the new one is placed',
    file: 'src/engine/executor/download-lane.ts',
    find: "mode: each.intent.kind === 'fetch' ? 'new' : 'exchange',\n        }),\n      );",
    replace: `mode: 'new',
        }),
      );
      const old = wanted.filter((each) => each.intent.kind === 'replace').map((each) => ({ path: each.path, name: \`old-\${each.staged}\` }));
      await env.disk.toTrash(old);
      await env.disk.eraseTrash(old.map((each) => each.name));`,
    also: [
      {
        file: 'src/engine/executor/download-lane.ts',
        find: "if (look?.kind === 'found' && encodeStamp(look.stamp) === state.synced.get(each.node)?.stamp) return;",
        replace: "if (look?.kind === 'found') return;",
      },
    ],
    hunt: { by: 'scenario', name: 'an edit that nobody announced is not overwritten by one that arrives' },
  },
  {
    id: 'folders-are-removed-with-what-is-in-them',
    rules: ['DESIGN 5', 'F049'],
    breaks: 'a folder that was deleted elsewhere goes although something that is not synced is in it',
    file: 'src/engine/executor/remover.ts',
    find: 'const removed = await env.disk.removeFolder(path);',
    replace: `const [gone] = await env.disk.toTrash([{ path, name: trashName(env, intent.node) }]);
    const removed = gone?.kind === 'found' ? ({ kind: 'done' } as const) : await env.disk.removeFolder(path);`,
    hunt: {
      by: 'scenario',
      name: 'a folder deleted elsewhere stays while it holds something that a rule leaves out',
    },
  },
  {
    id: 'save-is-not-flushed-before-it-is-agreed',
    rules: ['RULES 20'],
    breaks: 'the synced tree says that the server has a save which this disk has not kept yet',
    file: 'src/engine/executor/upload-lane.ts',
    find: 'if (paths.length > 0) noteFlush(context, items, await context.env.disk.flushFiles(paths));',
    replace: 'void [context, paths];',
    hunt: {
      by: 'test',
      file: 'test/engine/rules-disk.test.ts',
      name: 'RULES 20: an upload is only recorded',
    },
  },
  {
    id: 'what-a-power-cut-shortened-is-an-edit',
    rules: ['RULES 20'],
    breaks: 'a file that is shorter after a power cut goes up as a save',
    file: 'src/engine/power-cut.ts',
    find: "if (state.meta.get('power-cut') !== 'yes' || !(await context.rootIsOurs())) return;",
    replace: 'if (context.env.bootId() !== null) return;',
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: after a power cut an empty or shortened file',
    },
  },
  {
    id: 'folders-go-without-a-note',
    rules: ['FAILURES 3.3', 'D7'],
    breaks: 'that an empty folder is removed by our hand is not noted before it is',
    file: 'src/engine/executor/remover.ts',
    find: 'if (notes.length > 0) state.intents.begin(notes);',
    replace: 'void notes;',
    hunt: {
      by: 'test',
      file: 'test/engine/trash-after-stop.test.ts',
      name: 'a stop right after an empty folder was removed',
    },
  },
  {
    id: 'a-save-goes-with-a-torn-file',
    rules: ['RULES 20', 'FAILURES 3.3'],
    breaks: 'what is saved while a torn file is moved to the trash stays there with it',
    file: 'src/engine/executor/cut-short.ts',
    find: 'const isSaved = !sameBytesLikely(encodeStamp(each.stamp), outcome.stamp);',
    replace: "const isSaved = !sameBytesLikely(encodeStamp(each.stamp), outcome.stamp) && each.path === '';",
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: what is saved between the look',
    },
  },
  {
    id: 'what-a-power-cut-hurt-is-known-by-its-path',
    rules: ['RULES 20', 'RULES 13'],
    breaks: 'a file that was moved and is shorter after a power cut counts as the one that had stood there',
    file: 'src/engine/executor/cut-short.ts',
    find: 'if (stamp.fileId === there.row.fileId || !isOnlyName(stamp)) return there;',
    replace:
      "if (stamp.fileId === there.row.fileId || !isOnlyName(stamp) || there.path !== '') return there;",
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: of two files that were swapped before the cut',
    },
  },
  {
    id: 'nothing-is-known-of-what-was-placed-before-a-cut',
    rules: ['RULES 20', 'FAILURES 3.3'],
    breaks: 'a file that was placed just before a power cut, and still is what was placed, is a new one',
    file: 'src/engine/executor/recorded-late.ts',
    find: 'if (wasCut(context) && !sameBytesLikely(intent.stamp, look.stamp)) return;',
    replace: 'if (wasCut(context)) return;',
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: what was placed just before a cut',
    },
  },
  {
    id: 'what-was-never-swapped-is-a-save',
    rules: ['RULES 18'],
    breaks:
      'our own copy in staging, of a version that is not the head any more, is taken for what the user saved',
    file: 'src/engine/executor/exchanges.ts',
    find: "return look.kind === 'found' && sameBytesLikely(stamp, look.stamp);",
    replace: "return look.kind === 'found' && stamp === '';",
    hunt: {
      by: 'test',
      file: 'test/engine/exchange-after-stop.test.ts',
      name: 'an exchange that was not made',
    },
  },
  {
    id: 'what-was-not-seen-after-a-cut-is-an-edit',
    rules: ['RULES 20'],
    breaks: 'a file that could not be looked at on the start after a power cut is read as what it is later',
    file: 'src/engine/executor/unseen-after-cut.ts',
    find: 'const nodes = new Set(unseen.unseen.keys());',
    replace: 'const nodes = new Set<NodeId>();',
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: what cannot be looked at on the start',
    },
  },
  {
    id: 'a-torn-edit-is-read-as-what-it-is-later',
    rules: ['RULES 20'],
    breaks: 'what was read of an edit before a power cut is forgotten where it cannot be read right after it',
    file: 'src/engine/executor/unseen-after-cut.ts',
    find: 'put(state.meta, { startedAt: env.clock.now(), nodes, read: unseen.read });',
    replace: 'put(state.meta, { startedAt: env.clock.now(), nodes, read: new Map() });',
    hunt: {
      by: 'test',
      file: 'test/engine/power-cut.test.ts',
      name: 'RULES 20: an edit that was read before the cut',
    },
  },
  {
    id: 'an-emptied-folder-stays',
    rules: ['F049'],
    breaks: 'a folder that was deleted elsewhere, and stayed for what was in it, stays when that is gone',
    file: 'src/engine/local/emptied.ts',
    find: "if (row?.condition !== 'leftover' || row.parked || there?.live !== false) return;",
    replace: "if (row?.condition !== 'leftover' || row.parked || there?.live !== true) return;",
    hunt: {
      by: 'scenario',
      name: 'a folder deleted elsewhere that stayed for what a rule leaves out goes when that is gone',
    },
  },
);
