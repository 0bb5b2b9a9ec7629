/** Names for copies of versions. Pure. */
import { baseName } from '../../../core/names/path-parts.ts';
import { checkName } from '../../../core/names/valid-name.ts';

/** "plan.md", 18 → "plan (V18).md": the ending stays, so that the system knows what it is. */
export function copyNameOf(path: string, number: number): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name} (V${number})` : `${name.slice(0, dot)} (V${number})${name.slice(dot)}`;
}

export type NameFault = 'empty' | 'separator' | 'not-possible';

/** Null when a file can be called that. */
export function nameFault(name: string): NameFault | null {
  const check = checkName(name);
  if (check.kind === 'ok') return null;
  return check.why === 'empty' || check.why === 'separator' ? check.why : 'not-possible';
}
