/** What the pages may ask of main, each call by its own part of the app. */
import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { app, type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import { type Refused, refused } from '../ipc/contract.ts';
import type { AppSettings, CertificatesChosen, ShellState, SignUpParams } from '../ipc/window.ts';
import type { ChosenCertificates } from './chosen-certificates.ts';
import type { WindowCalls } from './ipc-guard.ts';
import type { Linked, Linking, LinkWish } from './linking.ts';
import type { MergeTools } from './merge-tool.ts';
import { openFile, openWithProgram, showFile } from './open-file.ts';
import { runsWhenOpened } from './runs-when-opened.ts';
import type { Updates } from './updates.ts';
import type { VersionCopies } from './version-content.ts';
import type { Windows } from './windows.ts';
import type { Words } from './words.ts';

export interface CallParts {
  readonly state: () => ShellState;
  readonly words: () => Words;
  readonly windows: Windows;
  readonly linking: Linking;
  readonly certificates: ChosenCertificates;
  readonly copies: VersionCopies;
  readonly mergeTools: MergeTools;
  readonly updates: Updates;
  readonly save: (settings: AppSettings) => Promise<void>;
  /** Links with the engine at rest, and starts it afterwards. */
  readonly link: (run: () => Promise<Linked>) => Promise<Linked>;
}

const DONE = { kind: 'done' } as const;
type MaybeDone = Promise<typeof DONE | Refused>;

async function choose(window: BrowserWindow | null, options: OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return canceled ? null : (filePaths[0] ?? null);
}

/** What was linked is told by the shell's state. */
function doneOr(linked: Linked): typeof DONE | Refused {
  return linked.kind === 'linked' ? DONE : linked;
}

export function createWindowCalls(parts: CallParts): WindowCalls {
  const { state, words, windows, linking, certificates, copies, mergeTools, updates } = parts;

  const inFolder = async (use: (folder: string) => MaybeDone): MaybeDone => {
    const folder = state().folder ?? linking.folder();
    return folder === null ? refused('state-missing', { file: '' }) : use(folder);
  };

  const openVersion = async (node: string, version: string): MaybeDone => {
    const folder = await copies.newFolder();
    const written = await copies.write(folder, { node, version }, null);
    if ('code' in written) return written;
    const name = basename(written.file);
    if (await runsWhenOpened(written.file)) {
      await copies.remove(folder);
      return refused('cannot-open', {
        file: name,
        detail: `a file of this kind (${extname(name) || 'program'}) runs`,
      });
    }
    return openWithProgram(written.file, name);
  };

  const saveText = async (text: string): Promise<string | null> => {
    const options = { defaultPath: words().bundleName };
    const window = windows.mainWindow();
    const { canceled, filePath } = await (window === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(window, options));
    if (canceled || filePath === '') return null;
    await writeFile(filePath, text, { mode: 0o600 });
    return filePath;
  };

  const chooseCertificates = async (): Promise<CertificatesChosen> => {
    const { chooseCertificate: title, certificateFiles, allFiles } = words();
    const filters = [
      { name: certificateFiles, extensions: ['pem', 'crt', 'cer', 'der'] },
      { name: allFiles, extensions: ['*'] },
    ];
    const file = await choose(windows.mainWindow(), { title, filters, properties: ['openFile'] });
    return file === null ? { kind: 'nothing' } : certificates.look(file);
  };

  return {
    'shell.state': async () => state(),
    'first-run.choose-folder': async () => ({
      folder: await choose(windows.mainWindow(), {
        title: words().chooseFolder,
        properties: ['openDirectory', 'createDirectory'],
      }),
    }),
    'first-run.choose-certificates': chooseCertificates,
    'first-run.sign-up': (wish: SignUpParams) => linking.signUp(wish),
    'first-run.plan': (wish: LinkWish) => linking.plan(wish),
    'first-run.begin': async (wish: LinkWish) => doneOr(await parts.link(() => linking.begin(wish))),
    'sign-in': async ({ password }) => doneOr(await parts.link(() => linking.again(password))),
    'open.file': ({ path }) => inFolder((folder) => openFile(folder, path)),
    'open.show': ({ path }) => inFolder((folder) => showFile(folder, path)),
    'open.version': ({ node, version }) => openVersion(node, version),
    'settings.set': async ({ settings }) => {
      await parts.save(settings);
      return state();
    },
    'merge-tool.choose': async () => ({
      command: await choose(windows.mainWindow(), { title: words().chooseTool, properties: ['openFile'] }),
    }),
    'merge-tool.open': ({ id }) => mergeTools.open(id),
    'merge-tool.take': ({ id }) => mergeTools.take(id),
    'bundle.save': async ({ text }) => ({ file: await saveText(text) }),
    'update.install': async () => (updates.install() ? DONE : refused('no-update')),
    'window.show': async ({ route }) => {
      windows.closePopover();
      windows.showMain(route);
      return DONE;
    },
    'window.close': async (_params, { isPopover }) => {
      if (isPopover) windows.closePopover();
      return DONE;
    },
    quit: async () => {
      app.quit();
      return DONE;
    },
  };
}
