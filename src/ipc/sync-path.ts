/** Paths as people type them, turned into paths below the synced folder. Pure: what the disk holds does not matter. */

export type SyncPathOutcome =
  | { readonly kind: 'inside' /** '' is the folder itself. */; readonly path: string }
  | { readonly kind: 'outside' };

const OUTSIDE: SyncPathOutcome = { kind: 'outside' };

function isAbsolute(path: string, windows: boolean): boolean {
  return path.startsWith('/') || (windows && (/^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\')));
}

/** Components without '.' and empty ones, '..' taken back; null when '..' climbs above the start. */
function components(path: string, windows: boolean): string[] | null {
  const out: string[] = [];
  for (const part of path.split(windows ? /[\\/]+/ : /\/+/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') out.push(part);
    else if (out.pop() === undefined) return null;
  }
  return out;
}

/**
 * `typed` is either absolute, and must then lie in `folder`, or relative to `folder`. Lexical: links are not followed,
 * as nowhere in a synced folder.
 */
export function syncPathOf(folder: string, typed: string, windows = false): SyncPathOutcome {
  if (typed.includes('\0')) return OUTSIDE;
  const parts = components(typed, windows);
  if (parts === null) return OUTSIDE;
  if (!isAbsolute(typed, windows)) return { kind: 'inside', path: parts.join('/') };
  const root = components(folder, windows);
  if (root === null) return OUTSIDE;
  const fold = (part: string | undefined) => (windows ? part?.toLowerCase() : part);
  if (root.some((part, index) => fold(parts[index]) !== fold(part))) return OUTSIDE;
  return { kind: 'inside', path: parts.slice(root.length).join('/') };
}
