/** What a person or a program of theirs does in the synced folder, as data. Paths are below the folder. */
export type UserAction =
  /** Opens, truncates and writes in place; creates what is not there. */
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'append'; readonly path: string; readonly text: string }
  /** Writes a temporary file beside it and renames it over: how most editors save. */
  | { readonly do: 'save'; readonly path: string; readonly text: string }
  /** Renames the old file to `path~`, writes a new one, then deletes the old one unless `keep`. */
  | { readonly do: 'save-aside'; readonly path: string; readonly text: string; readonly keep?: boolean }
  /** Deletes it, then creates it. */
  | { readonly do: 'recreate'; readonly path: string; readonly text: string }
  /** Writes in place and puts the old modification time back. */
  | { readonly do: 'edit-keeping-time'; readonly path: string; readonly text: string }
  /** Copies content, mode and modification time. */
  | { readonly do: 'copy'; readonly from: string; readonly to: string }
  /** As `mv`: a file at the target is replaced. */
  | { readonly do: 'move'; readonly from: string; readonly to: string }
  | { readonly do: 'swap'; readonly a: string; readonly b: string }
  /** Every path takes the place of the next one, the last that of the first. */
  | { readonly do: 'ring'; readonly paths: readonly string[] }
  /** With missing parents. */
  | { readonly do: 'mkdir'; readonly path: string }
  | { readonly do: 'remove'; readonly path: string }
  /** As `rm -r`. */
  | { readonly do: 'remove-all'; readonly path: string }
  | { readonly do: 'chmod'; readonly path: string; readonly executable: boolean }
  | { readonly do: 'link'; readonly path: string; readonly target: string }
  /** Sets the modification time, in seconds since 1970. */
  | { readonly do: 'touch'; readonly path: string; readonly at: number }
  /** Takes or gives permissions: the folder or file as its owner meets it. */
  | {
      readonly do: 'permit';
      readonly path: string;
      readonly read?: boolean;
      readonly write?: boolean;
    };
