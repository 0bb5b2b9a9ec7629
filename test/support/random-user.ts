/** A user who does random things to the folders of real devices, and remembers every text that must not be lost. */
import { appendFile, chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Stream } from '../simulation/random.ts';
import type { TestDevice } from './devices.ts';

const FOLDERS = ['', 'alpha', 'beta', 'alpha/deep', 'gamma'];
const TOKEN = /<[0-9]+-[0-9a-f]{8}>/g;

export function tokensIn(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

export class RandomUser {
  readonly #random: Stream;
  /** Texts that were saved and not given up since: each must be found again, somewhere. */
  readonly precious = new Set<string>();
  readonly done: string[] = [];
  #count = 0;

  constructor(random: Stream) {
    this.#random = random;
  }

  #below(count: number): number {
    return this.#random.word() % count;
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.#below(items.length)];
  }

  #token(): string {
    this.#count += 1;
    return `<${this.#count}-${(this.#random.word() >>> 0).toString(16).padStart(8, '0')}>`;
  }

  /** One thing on one device. What is not possible there at that moment is left out. */
  async act(device: TestDevice): Promise<void> {
    const paths = [...(await device.picture())];
    const files = paths.filter(([, thing]) => thing.kind === 'file').map(([path]) => path);
    const folders = paths.filter(([, thing]) => thing.kind === 'folder').map(([path]) => path);
    const dice = this.#below(100);
    try {
      if (files.length < 8 || dice < 30) await this.#create(device);
      else if (dice < 65) await this.#append(device, this.#pick(files) ?? '');
      else if (dice < 78) await this.#move(device, this.#pick(files) ?? '');
      else if (dice < 84) await this.#moveFolder(device, this.#pick(folders) ?? '');
      else if (dice < 92) await this.#remove(device, this.#pick(files) ?? '');
      else if (dice < 96) await this.#rebuild(device, this.#pick(files) ?? '');
      else await this.#special(device, this.#pick(files) ?? '');
    } catch (error) {
      // A device may be moving the very file away: for the user the attempt failed, and nothing was saved.
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.done.push(`${device.name}: could not: ${error.message}`);
    }
  }

  async #create(device: TestDevice): Promise<void> {
    const folder = this.#pick(FOLDERS) ?? '';
    const path = posix.join(folder, `note ${this.#below(60)}.txt`);
    await mkdir(device.path(folder), { recursive: true });
    const token = this.#token();
    await writeFile(device.path(path), `${token}\n`, { flag: 'wx' });
    this.precious.add(token);
    this.done.push(`${device.name}: create ${path} ${token}`);
  }

  async #append(device: TestDevice, path: string): Promise<void> {
    // Not `appendFile` alone, which would make a file that has just been moved away.
    await readFile(device.path(path));
    const token = this.#token();
    await appendFile(device.path(path), `${token}\n`, { flag: 'a' });
    this.precious.add(token);
    this.done.push(`${device.name}: append ${path} ${token}`);
  }

  /** Saves the whole text again under a new file, as editors do. */
  async #rebuild(device: TestDevice, path: string): Promise<void> {
    const text = await readFile(device.path(path), 'utf8');
    const token = this.#token();
    await writeFile(device.path(`${path}.saving`), `${text}${token}\n`);
    await rename(device.path(`${path}.saving`), device.path(path));
    this.precious.add(token);
    this.done.push(`${device.name}: rebuild ${path} ${token}`);
  }

  async #move(device: TestDevice, path: string): Promise<void> {
    const folder = this.#pick(FOLDERS) ?? '';
    const to = posix.join(folder, `moved ${this.#below(1_000_000)}.txt`);
    await mkdir(device.path(folder), { recursive: true });
    await rename(device.path(path), device.path(to));
    this.done.push(`${device.name}: move ${path} → ${to}`);
  }

  async #moveFolder(device: TestDevice, path: string): Promise<void> {
    if (path === '') return;
    const to = `folder ${this.#below(1_000_000)}`;
    await rename(device.path(path), device.path(to));
    this.done.push(`${device.name}: move folder ${path} → ${to}`);
  }

  /** Whoever deletes a file has had its text, and gives it up. */
  async #remove(device: TestDevice, path: string): Promise<void> {
    const text = await readFile(device.path(path), 'utf8');
    await rm(device.path(path));
    for (const token of tokensIn(text)) this.precious.delete(token);
    this.done.push(`${device.name}: delete ${path}`);
  }

  async #special(device: TestDevice, path: string): Promise<void> {
    if (this.#below(2) === 0) await chmod(device.path(path), 0o755);
    else await symlink(path, device.path(`link ${this.#below(1_000_000)}`));
    this.done.push(`${device.name}: program bit or link for ${path}`);
  }
}
