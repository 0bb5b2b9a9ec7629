/** A known text, sealed by the master key: proves, before anything is written, that a key is the one that is in use. */
import { Type } from 'typebox';
import { parserOf, record } from '../../../src/protocol/schema.ts';
import type { KeyWrapper } from './key-wrapper.ts';

const TEXT = Buffer.from('tidemark key check 1');
const LABEL = 'check';
const parseCheck = parserOf(record({ master: Type.String(), wrapped: Type.String({ maxLength: 4096 }) }));

export async function checkOf(master: KeyWrapper): Promise<string> {
  const wrapped = Buffer.from(await master.wrap(TEXT, LABEL)).toString('hex');
  return `${JSON.stringify({ master: master.id, wrapped })}\n`;
}

export async function opensCheck(master: KeyWrapper, text: string): Promise<boolean> {
  const check = parseCheck(parseJson(text));
  if (check.kind !== 'ok' || check.value.master !== master.id) return false;
  const opened = await master.unwrap(Buffer.from(check.value.wrapped, 'hex'), LABEL);
  return opened !== null && TEXT.equals(opened);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
