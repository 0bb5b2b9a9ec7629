import type { ManifestId } from './ids.ts';

/**
 * What a version *is* (RULES 3): kind, manifest or link target, executable bit. mtime is carried beside it and
 * makes no version.
 */
export type Content =
  | {
      readonly kind: 'file';
      readonly manifest: ManifestId;
      readonly size: number;
      readonly executable: boolean;
    }
  | { readonly kind: 'symlink'; readonly target: string };

export type NodeKind = 'folder' | 'file' | 'symlink';

/** Equality of contents as one comparable string; sizes follow from manifests. */
export function contentKey(content: Content): string {
  return content.kind === 'file'
    ? `f${content.executable ? 'x' : '-'}${content.manifest}`
    : `l:${content.target}`;
}

export function sameContent(a: Content | null, b: Content | null): boolean {
  if (a === null || b === null) return a === b;
  return contentKey(a) === contentKey(b);
}
