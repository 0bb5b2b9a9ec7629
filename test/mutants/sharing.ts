/** Deliberate bugs in who may what, and in the keys that chunks are under: RULES 28, I15, I16, DESIGN 7. */
import { type Mutant, mutants } from './mutant.ts';

const SHARING = 'test/server/sharing.test.ts';
const KEYS = 'test/server/keys.test.ts';
const CHANGES = 'server-stub/chunks/folder/key-changes.ts';

export const SHARING_MUTANTS: readonly Mutant[] = mutants(
  {
    id: 'a-commit-is-allowed-when-it-is-asked-for',
    rules: ['I16'],
    breaks: 'whether somebody may write is asked when the request comes and not when it commits',
    file: 'server-stub/sharing/standing.ts',
    find: 'const role = device === null || device.revokedAt !== null ? null : await roleIn(tx, device, userName);\n  if (device === null || role === null)',
    replace: "const role = 'editor';\n  if (device === null)",
    hunt: { by: 'test', file: SHARING, name: 'I16: what was allowed when its bytes came' },
  },
  {
    id: 'a-revoked-member-reads-on',
    rules: ['I16', 'I15'],
    breaks: 'a device of somebody who was taken out is let in by the token it has',
    file: 'server-stub/sharing/shares.ts',
    find: '{ ...doneFor(name), ended: await tx.revokeIn(ns, name, clock.now()) }',
    replace: '{ ...doneFor(name), ended: clock.now() > 0 ? [] : [] }',
    also: [
      {
        file: 'server-stub/sharing/standing.ts',
        find: "return member?.standing === 'member' ? member.role : null;",
        replace: "return member?.role ?? 'viewer';",
      },
    ],
    hunt: { by: 'test', file: SHARING, name: 'who is taken out is out at once' },
  },
  {
    id: 'a-viewer-writes',
    rules: ['I16'],
    breaks: 'what may be read may be changed',
    file: 'server-stub/sharing/policy.ts',
    find: "viewer: new Set(['self', 'read']),",
    replace: "viewer: new Set(['self', 'read', 'write']),",
    hunt: { by: 'test', file: SHARING, name: 'every route in a share lets each role do what its right says' },
  },
  {
    id: 'chunks-of-others-are-there',
    rules: ['RULES 28', 'I15'],
    breaks: 'whether a chunk has to be sent tells whether another tenant has it',
    file: 'server-stub/metadata/sqlite-chunks.ts',
    find: "'SELECT 1 FROM chunks WHERE tenant = ? AND id = ? AND damaged_at IS NULL'",
    replace: "'SELECT 1 FROM chunks WHERE tenant <> ? + 1e9 AND id = ? AND damaged_at IS NULL'",
    hunt: {
      by: 'test',
      file: 'test/attacks/route-matrix.test.ts',
      name: 'I15: a stranger is answered the same, to the byte',
    },
  },
  {
    id: 'chunks-of-others-are-read',
    rules: ['RULES 28', 'I15'],
    breaks: 'a chunk is found by its id, whoever has it',
    file: 'server-stub/metadata/sqlite-chunks.ts',
    find: "'SELECT id, location, size, stored_at, quarantined_at, damaged_at FROM chunks WHERE tenant = ? AND id = ?',",
    replace:
      "'SELECT id, location, size, stored_at, quarantined_at, damaged_at FROM chunks WHERE tenant <> ? + 1e9 AND id = ?',",
    hunt: {
      by: 'test',
      file: 'test/attacks/route-matrix.test.ts',
      name: 'I15: a stranger is answered the same, to the byte',
    },
  },
  {
    id: 'a-rewrap-forgets-before-the-check-names-the-new-key',
    rules: ['DESIGN 7'],
    breaks: 'what the old master key wraps is forgotten while that is still the one in use',
    file: CHANGES,
    find: 'if (next.id !== old.id) await takeOver(change, old, next);\n  for await (const tenant of tenantsOf(rows)) await rows.keepUnder(tenant, next.id);',
    replace:
      'for await (const tenant of tenantsOf(rows)) await rows.keepUnder(tenant, next.id);\n  if (next.id !== old.id) await takeOver(change, old, next);',
    hunt: { by: 'test', file: KEYS, name: 'a rewrap that is interrupted at any step' },
  },
  {
    id: 'a-rewrap-keeps-no-old-key',
    rules: ['DESIGN 7'],
    breaks: 'after a rewrap nobody has the key any more that older backups were made under',
    file: CHANGES,
    find: 'if (before !== null) await replaceFile(join(keyFolder, `retired-${old.id}.key`), before);',
    replace: 'void before;',
    hunt: { by: 'test', file: KEYS, name: 'after a rewrap only the new master key opens' },
  },
  {
    id: 'any-master-key-will-do',
    rules: ['DESIGN 7'],
    breaks: 'a key is used without asking the check whether it is the one in use',
    file: 'server-stub/chunks/folder/master-key.ts',
    find: 'check === null ? inUse : !(await opensCheck(master, check))',
    replace: 'check === null && inUse',
    hunt: { by: 'test', file: KEYS, name: 'a wrong master key writes nothing' },
  },
);
