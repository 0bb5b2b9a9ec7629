/** Where everything is: the program's own files, packaged or not, and the folders it works in. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';

export interface Places {
  /** How the command line of this very program is started: server, engine, linking. */
  readonly program: { readonly command: string; readonly words: readonly string[] };
  /** Built files of the app. */
  readonly preload: string;
  readonly pages: string;
  readonly icons: string;
  /** As `tidemark start` has it: both find each other's server, password and engine. */
  readonly home: string;
  /** What the app itself keeps: settings, the sealed token. */
  readonly own: string;
}

const NODE_OF: Readonly<Record<string, string>> = {
  linux: `node-linux-${process.arch}/bin/node`,
  win32: `node-win-${process.arch}/bin/node.exe`,
};

/** In a checkout: the Node that npm brought, else the one in PATH (macOS). */
function nodeOfCheckout(root: string): string {
  const brought = join(root, 'node_modules', NODE_OF[process.platform] ?? 'none');
  return existsSync(brought) ? brought : 'node';
}

export function findPlaces(env: NodeJS.ProcessEnv): Places {
  const root = app.getAppPath();
  // Plain Node cannot read an archive: what it runs lies beside it.
  const beside = join(process.resourcesPath, 'tidemark');
  return {
    program: app.isPackaged
      ? {
          command: join(beside, process.platform === 'win32' ? 'node.exe' : 'node'),
          words: [join(beside, 'out', 'cli.js')],
        }
      : { command: nodeOfCheckout(root), words: [join(root, 'out', 'cli.js')] },
    preload: join(root, 'out', 'app', 'preload.cjs'),
    pages: join(root, 'out', 'app', 'renderer'),
    icons: join(root, 'build', 'icons'),
    home: env['TIDEMARK_HOME'] || join(homedir(), '.tidemark'),
    own: app.getPath('userData'),
  };
}
