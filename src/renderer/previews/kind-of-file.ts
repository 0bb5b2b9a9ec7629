/** What the name of a file promises. Only a guess for choosing a preview: the bytes are looked at before they are shown. */
import { baseName } from '../../core/names/path-parts.ts';

export type FileKind = 'image' | 'pdf' | 'other';

/** Those whose first bytes main knows. */
const IMAGES = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'bmp', 'ico']);

export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

export function kindOfFile(path: string): FileKind {
  const extension = extensionOf(path);
  if (IMAGES.has(extension)) return 'image';
  return extension === 'pdf' ? 'pdf' : 'other';
}
