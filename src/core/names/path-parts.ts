/** The parts of a path below the synced folder: components joined by '/'. */

/** The last component: what people call the file. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** All but the last component; '' for what stands in the synced folder itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Where `name` stands in a folder; '' is the synced folder itself. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
