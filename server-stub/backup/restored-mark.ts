/**
 * What a restore leaves in the data folder: while it is under way nothing may start there; when it has ended, the next
 * start begins a new epoch in every namespace, so that every device compares instead of trusting (RULES 25).
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { NamespaceId } from '../../src/protocol/ids.ts';
import { Millis, parserOf, record } from '../../src/protocol/schema.ts';
import { flushFolder, replaceFile, systemCode } from '../chunks/folder/durable-file.ts';
import type { ServerLog } from '../exchange.ts';
import type { Metadata } from '../metadata/rules.ts';
import { Refusal } from '../refusal.ts';

const NAME = 'restored.json';
const PAGE = 100;
const Mark = record({
  standing: Type.Union([Type.Literal('under-way'), Type.Literal('done')]),
  /** When the backup was made. */
  backupAt: Millis,
});
const parse = parserOf(Mark);

export async function writeRestoredMark(
  data: string,
  standing: 'under-way' | 'done',
  backupAt: number,
): Promise<void> {
  await replaceFile(join(data, NAME), `${JSON.stringify({ standing, backupAt })}\n`);
}

async function readMark(data: string) {
  let text: string;
  try {
    text = await readFile(join(data, NAME), 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
  const parsed = parse(jsonOf(text));
  // Nobody knows what it says: the careful reading is that there was a restore, and that it has not ended.
  return parsed.kind === 'ok' ? parsed.value : { standing: 'under-way' as const, backupAt: 0 };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function refuseHalfRestored(data: string): Promise<void> {
  if ((await readMark(data))?.standing === 'under-way')
    throw new Refusal(`A restore into ${data} did not end; empty the folder and restore again.`);
}

/** Before anybody is served. Done twice it is as good: whoever saw the first epoch compares once more. */
export async function beginAfterRestore(data: string, metadata: Metadata, log: ServerLog): Promise<number> {
  const mark = await readMark(data);
  if (mark === null) return 0;
  let begun = 0;
  let after: NamespaceId | null = null;
  for (;;) {
    const from: NamespaceId | null = after;
    const page: readonly NamespaceId[] = await metadata.store.read(async (tx) =>
      tx.namespacesAfter(from, PAGE),
    );
    for (const namespace of page) await metadata.beginEpoch(namespace);
    begun += page.length;
    after = page.at(-1) ?? null;
    if (page.length < PAGE) break;
  }
  // The backup's own hold came back with it.
  await metadata.store.write(async (tx) => tx.endErasureHolds(null));
  await rm(join(data, NAME), { force: true });
  await flushFolder(data);
  log('warn', 'restored from a backup: every namespace begins a new epoch', {
    namespaces: begun,
    backupAt: new Date(mark.backupAt).toISOString(),
  });
  return begun;
}
