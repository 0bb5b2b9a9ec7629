/**
 * The key that wraps the keys. `check.json` beside it proves, before anything is sealed, that the key at hand is the one
 * that everything was wrapped with: a wrong one would write what nobody can ever read.
 */
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { parserOf, record } from '../../../src/protocol/schema.ts';
import { Refusal } from '../../refusal.ts';
import { flushFolder, replaceFile, systemCode } from './durable-file.ts';

const CHECK_TEXT = Buffer.from('tidemark key check 1');
const CHECK_LABEL = 'check';
const NONCE = 12;
const TAG = 16;
const FORM = /^tidemark-master-key-1 ([0-9a-f]{64})\n?$/;
const parseCheck = parserOf(record({ master: Type.String(), wrapped: Type.String({ maxLength: 256 }) }));

export interface MasterKey {
  /** Names the key without telling anything about it. */
  readonly id: string;
  /** nonce | tag | ciphertext, bound to the label. */
  wrap(secret: Uint8Array, label: string): Buffer;
  /** `null`: wrapped by another key, for another label, or damaged. */
  unwrap(wrapped: Uint8Array, label: string): Buffer | null;
}

/** Opens the master key of a server; draws it on the very first start. `inUse`: something is sealed already. */
export async function openMasterKey(folder: string, inUse: boolean): Promise<MasterKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyPath = join(folder, 'master.key');
  const checkPath = join(folder, 'check.json');
  let text = await readIfThere(keyPath);
  const check = await readIfThere(checkPath);
  if (text === null) {
    if (inUse || check !== null)
      throw new Refusal(
        `The master key ${keyPath} is missing, and without it the stored files cannot be read; put it back and start again.`,
      );
    text = `tidemark-master-key-1 ${randomBytes(32).toString('hex')}\n`;
    await replaceFile(keyPath, text);
    await flushFolder(join(folder, '..'));
  }
  const hex = FORM.exec(text)?.[1];
  if (hex === undefined) throw new Refusal(`The file ${keyPath} is not a Tidemark master key.`);
  const master = masterKey(Buffer.from(hex, 'hex'));
  // Only a first start that was cut short has a key and no check, and it sealed nothing.
  if (check === null ? inUse : !opensCheck(master, check))
    throw new Refusal(
      `The master key ${keyPath} is not the one the stored files were written with; put the right one back and start again.`,
    );
  if (check === null) await replaceFile(checkPath, checkOf(master));
  return master;
}

function masterKey(bytes: Buffer): MasterKey {
  const key = createSecretKey(bytes);
  const id = createHash('sha256').update('tidemark master id').update(bytes).digest('hex').slice(0, 16);
  const bind = (label: string) => Buffer.from(`tidemark key ${label}`);
  return {
    id,
    wrap: (secret, label) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(bind(label));
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    unwrap: (wrapped, label) => {
      if (wrapped.length < NONCE + TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE));
      decipher.setAAD(bind(label));
      decipher.setAuthTag(wrapped.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(NONCE + TAG)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

function checkOf(master: MasterKey): string {
  const wrapped = master.wrap(CHECK_TEXT, CHECK_LABEL).toString('hex');
  return `${JSON.stringify({ master: master.id, wrapped })}\n`;
}

function opensCheck(master: MasterKey, text: string): boolean {
  const check = parseCheck(parseJson(text));
  if (check.kind !== 'ok' || check.value.master !== master.id) return false;
  return master.unwrap(Buffer.from(check.value.wrapped, 'hex'), CHECK_LABEL)?.equals(CHECK_TEXT) ?? false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}
