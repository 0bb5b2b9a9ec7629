// @ts-check
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import { LinuxPackager } from 'app-builder-lib/out/linuxPackager.js';

/**
 * Before a package is signed: what only starts apps from folders goes, and the fuse that electron-builder does not
 * know is set too (where this Electron has it).
 * @param {import('electron-builder').AfterPackContext} context
 */
export const afterPack = async ({ appOutDir, electronPlatformName, packager }) => {
  const { productFilename } = packager.appInfo;
  /** @type {Record<string, string>} */
  const executables = {
    linux: packager instanceof LinuxPackager ? packager.executableName : '',
    win32: `${productFilename}.exe`,
    darwin: `${productFilename}.app/Contents/MacOS/${productFilename}`,
  };
  if (electronPlatformName === 'linux')
    rmSync(join(appOutDir, 'resources', 'default_app.asar'), { force: true });
  const executable = join(appOutDir, executables[electronPlatformName] ?? '');
  const wire = await getCurrentFuseWire(executable);
  if (wire[FuseV1Options.WasmTrapHandlers] === undefined) return;
  await flipFuses(executable, { version: FuseVersion.V1, [FuseV1Options.WasmTrapHandlers]: true });
};
