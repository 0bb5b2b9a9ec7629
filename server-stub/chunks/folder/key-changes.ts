/**
 * New keys for old. Rotation draws another data key per tenant; what was sealed stays readable under the one before.
 * A rewrap puts another master key in the place of the old one: first every key is wrapped by both, then the check names
 * the new one (the one moment that counts), then what the old one wrapped is forgotten. Whatever is interrupted leaves
 * everything readable with the key that the check names, and goes on when it is asked for again.
 */
import { randomBytes } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import type { TenantId } from '../../../src/protocol/ids.ts';
import { parserOf, record } from '../../../src/protocol/schema.ts';
import { Refusal } from '../../refusal.ts';
import { openKeys, type TenantKeyRows, wrapKey } from './data-keys.ts';
import { replaceFile, systemCode } from './durable-file.ts';
import { checkOf, opensCheck } from './key-check.ts';
import { drawMasterKey, type KeyWrapper, masterKeyOf } from './key-wrapper.ts';
import { finishTakeOver, keyPaths, type MasterKeySource, openMasterKey, readIfThere } from './master-key.ts';

const PAGE = 100;
const parseRotation = parserOf(record({ beganAt: Type.Integer({ minimum: 0 }) }));

export interface KeyChange {
  readonly keyFolder: string;
  readonly rows: TenantKeyRows;
  readonly source: MasterKeySource;
  /** Counts, and changes nothing. */
  readonly dryRun: boolean;
}

/** Draws a new data key for every tenant; answers for how many. */
export async function rotateDataKeys(change: KeyChange, now: () => number): Promise<number> {
  const { keyFolder, rows, dryRun } = change;
  const master = await openMasterKey(keyFolder, true, change.source);
  const { rotation } = keyPaths(keyFolder);
  const begun = await readIfThere(rotation);
  const beganAt = begun === null ? now() : beginOf(begun, rotation);
  if (begun === null && !dryRun) await replaceFile(rotation, `${JSON.stringify({ beganAt })}\n`);
  let rotated = 0;
  for await (const tenant of tenantsOf(rows)) {
    const stored = await rows.list(tenant);
    const last = Math.max(...stored.map(({ number }) => number));
    // Done before the rotation was interrupted.
    const isDone = begun !== null && stored.some((key) => key.number === last && key.createdAt >= beganAt);
    if (isDone) continue;
    await openKeys(master, tenant, stored);
    if (!dryRun) await rows.add(tenant, await wrapKey(master, tenant, last + 1, randomBytes(32)));
    rotated += 1;
  }
  if (!dryRun) await unlinkIfThere(rotation);
  return rotated;
}

function beginOf(text: string, path: string): number {
  const rotation = parseRotation(JSON.parse(text));
  if (rotation.kind === 'invalid') throw new Refusal(`${path} cannot be read: ${rotation.why}.`);
  return rotation.value.beganAt;
}

export interface Rewrapped {
  /** Keys that the new master key wraps now and did not before. */
  readonly keys: number;
  readonly masterKey: string;
}

/** `to`: the text of the new master key; null: drawn (only where the key folder holds the master key). */
export async function rewrapKeys(change: KeyChange, to: string | null): Promise<Rewrapped> {
  const { keyFolder, rows, source, dryRun } = change;
  const paths = keyPaths(keyFolder);
  const old = await openMasterKey(keyFolder, true, source);
  if (source.kind !== 'folder' && to === null)
    throw new Refusal(
      'Give the new master key with --to FILE: the present one does not come from the data folder.',
    );
  const text = await nextText(paths.next, source, to, dryRun);
  const next = masterKeyOf(text);
  if (next === null) throw new Refusal('The new master key is not a Tidemark master key.');
  const found = await readIfThere(paths.nextCheck);
  // One that names the present key was left by a rewrap that came to its end but for this file.
  const check = found !== null && (await opensCheck(old, found)) ? null : found;
  if (check !== null && !(await opensCheck(next, check)))
    throw new Refusal(
      `A rewrap to another master key was begun and not ended; go on with that one, or remove ${paths.nextCheck} to begin anew.`,
    );
  if (check === null && !dryRun) await replaceFile(paths.nextCheck, await checkOf(next));
  let keys = 0;
  for await (const tenant of tenantsOf(rows)) keys += await wrapByBoth(rows, tenant, old, next, dryRun);
  if (dryRun) return { keys, masterKey: next.id };
  if (next.id !== old.id) await takeOver(change, old, next);
  for await (const tenant of tenantsOf(rows)) await rows.keepUnder(tenant, next.id);
  await unlinkIfThere(paths.nextCheck);
  return { keys, masterKey: next.id };
}

/** The key that is to take over: durable in the key folder where that is where keys are kept. */
async function nextText(
  path: string,
  source: MasterKeySource,
  to: string | null,
  dryRun: boolean,
): Promise<string> {
  if (source.kind !== 'folder') return to ?? '';
  const waiting = await readIfThere(path);
  if (waiting !== null && to !== null && masterKeyOf(to)?.id !== masterKeyOf(waiting)?.id)
    throw new Refusal(`A rewrap to the key ${path} was begun and not ended; end it without --to first.`);
  const text = waiting ?? to ?? drawMasterKey();
  if (waiting === null && !dryRun && masterKeyOf(text) !== null) await replaceFile(path, text);
  return text;
}

/** Every key of a tenant wrapped by the new master key as well, and found to open; how many were not yet. */
async function wrapByBoth(
  rows: TenantKeyRows,
  tenant: TenantId,
  old: KeyWrapper,
  next: KeyWrapper,
  dryRun: boolean,
): Promise<number> {
  const stored = await rows.list(tenant);
  const missing = (await openKeys(old, tenant, stored)).filter(
    ({ number }) => !stored.some((key) => key.number === number && key.masterKey === next.id),
  );
  if (dryRun) return missing.length;
  for (const { number, secret } of missing)
    await rows.add(tenant, await wrapKey(next, tenant, number, secret));
  await sameKeys(rows, tenant, old, next);
  return missing.length;
}

/** What stands in the rows opens to the same secrets with either key: else nothing may be forgotten. */
async function sameKeys(rows: TenantKeyRows, tenant: TenantId, old: KeyWrapper, next: KeyWrapper) {
  const stored = await rows.list(tenant);
  const [before, after] = [await openKeys(old, tenant, stored), await openKeys(next, tenant, stored)];
  const isSame = before.every(({ secret }, i) => Buffer.from(after[i]?.secret ?? []).equals(secret));
  if (!isSame || before.length !== after.length)
    throw new Error(`the keys of tenant ${tenant} are not the same under the new master key`);
}

async function takeOver({ keyFolder, source, rows }: KeyChange, old: KeyWrapper, next: KeyWrapper) {
  const paths = keyPaths(keyFolder);
  if ((await rows.notUnder(next.id)) > 0) throw new Error('a key was added while keys were wrapped anew');
  // Backups of before need it.
  const before = source.kind === 'folder' ? await readIfThere(paths.master) : null;
  if (before !== null) await replaceFile(join(keyFolder, `retired-${old.id}.key`), before);
  await replaceFile(paths.check, await checkOf(next));
  if (source.kind === 'folder') await finishTakeOver(keyFolder);
}

async function* tenantsOf(rows: TenantKeyRows): AsyncGenerator<TenantId> {
  let after: TenantId | null = null;
  for (;;) {
    const page: readonly TenantId[] = await rows.tenants(after, PAGE);
    yield* page;
    after = page.at(-1) ?? null;
    if (after === null || page.length < PAGE) return;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((cause: unknown) => {
    if (systemCode(cause) !== 'ENOENT') throw cause;
  });
}
