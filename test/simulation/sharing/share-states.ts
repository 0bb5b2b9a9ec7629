/**
 * What a simulated computer keeps of the shares on it: for each an account, a token and a state that power cuts take
 * from, as `node-share-home.ts` has them in folders; and engines that run on them, which die with the computer's.
 */
import type { Account } from '../../../src/engine/account.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Environment } from '../../../src/engine/environment/environment.ts';
import { markerOf, readMarker, writeMarker } from '../../../src/engine/root-marker.ts';
import type { ShareHomes, ShareStart, ShareStarted } from '../../../src/engine/shares/share-home.ts';
import type { NamespaceId } from '../../../src/protocol/ids.ts';
import type { Domain, SimTime } from '../clock.ts';
import { PowerState } from '../power-state.ts';
import { Stream } from '../random.ts';

export interface ShareStatesParts {
  /** Of the computer. */
  readonly name: string;
  readonly seed: number;
  readonly time: SimTime;
  /** Absolute path of the folder that shares stand in. */
  readonly root: string;
  /** A commit was made. */
  readonly stepped: () => void;
  /** For a process whose root is that folder, from the folder of the computer. */
  readonly environment: (domain: Domain, folder: string) => Environment;
}

interface Kept {
  readonly state: PowerState;
  account: Account;
  token: { readonly text: string; readonly key: string } | null;
  /** Two processes on one state is what its lock prevents. */
  isOpen: boolean;
}

export class ShareStates {
  readonly #parts: ShareStatesParts;
  readonly #kept = new Map<NamespaceId, Kept>();
  #running = new Set<Domain>();
  #lives = 0;
  #skewMs = 0;

  constructor(parts: ShareStatesParts) {
    this.#parts = parts;
  }

  /** Every token that one of them has. */
  tokens(): readonly string[] {
    return [...this.#kept.values()].flatMap(({ token }) => (token === null ? [] : [token.text]));
  }

  setSkew(ms: number): void {
    this.#skewMs = ms;
    for (const domain of this.#running) domain.skewMs = ms;
  }

  kill(): void {
    for (const domain of this.#running) domain.kill();
    this.#running = new Set();
    for (const each of this.#kept.values()) {
      each.state.kill();
      each.isOpen = false;
    }
  }

  orphan(): void {
    for (const { state } of this.#kept.values()) state.orphan();
  }

  /** Each state loses what it loses; accounts and tokens are durable once they are there. */
  cutPower(): void {
    for (const { state } of this.#kept.values()) state.cutPower();
  }

  close(): void {
    for (const { state } of this.#kept.values()) state.close();
  }

  /** As one life of the computer's engine sees them: after its end nothing of them changes by it. */
  homes(life: Domain): ShareHomes {
    return {
      account: (namespace) => this.#kept.get(namespace)?.account ?? null,
      token: (namespace, key) => {
        const token = this.#kept.get(namespace)?.token ?? null;
        return token?.key === key ? token.text : null;
      },
      put: (namespace, account, text, key) => !life.dead && this.#put(namespace, account, { text, key }),
      forgetToken: (namespace) => {
        const kept = this.#kept.get(namespace);
        if (kept !== undefined && !life.dead) kept.token = null;
      },
      mark: (namespace, folder) => this.#mark(life, namespace, folder),
      start: (options) => this.#start(life, options),
      remove: (namespace) => {
        if (life.dead) return;
        this.#kept.get(namespace)?.state.close();
        this.#kept.delete(namespace);
      },
    };
  }

  #put(namespace: NamespaceId, account: Account, token: NonNullable<Kept['token']>): boolean {
    const known = this.#kept.get(namespace);
    if (known !== undefined) {
      Object.assign(known, { account, token });
      return true;
    }
    const { seed, name } = this.#parts;
    const state = new PowerState(new Stream(seed, `state ${name} ${namespace}`));
    this.#kept.set(namespace, { state, account, token, isOpen: false });
    return true;
  }

  async #mark(life: Domain, namespace: NamespaceId, folder: string): Promise<boolean> {
    const account = this.#kept.get(namespace)?.account;
    if (account === undefined) return false;
    const { disk } = this.#parts.environment(life, this.#below(folder));
    const prepared = await disk.prepare();
    if (prepared.kind === 'failed') return false;
    return (await writeMarker(disk, markerOf(account, 0, prepared.root))).kind === 'done';
  }

  async #start(life: Domain, options: ShareStart): Promise<ShareStarted> {
    const { namespace, folder, token, paused, mayWrite, boundaries } = options;
    const kept = this.#kept.get(namespace);
    if (kept === undefined || kept.isOpen)
      return { kind: 'refused', code: 'state-unusable', detail: kept === undefined ? 'missing' : 'in-use' };
    kept.account = { ...kept.account, folder };
    kept.isOpen = true;
    const { state, account } = kept;
    state.onCommit = this.#parts.stepped;
    const domain = this.#newDomain(life);
    const env = this.#parts.environment(domain, this.#below(folder));
    await renewMark(env, account);
    const engine = new Engine({ env, db: state.db, account, token, platform: 'linux', paused, boundaries });
    engine.mayWrite = mayWrite;
    await engine.start();
    const close = async () => {
      await engine.stop();
      domain.kill();
      this.#running.delete(domain);
      kept.isOpen = false;
    };
    return { kind: 'running', running: { engine, folder, close } };
  }

  #newDomain(life: Domain): Domain {
    this.#lives += 1;
    const domain = this.#parts.time.domain(`${life.name} share ${this.#lives}`);
    domain.skewMs = this.#skewMs;
    this.#running.add(domain);
    return domain;
  }

  #below(folder: string): string {
    return folder.slice(this.#parts.root.length + 1);
  }
}

/** As on a real computer: the device got another place in the share, and a stop came before its mark said so. */
async function renewMark({ disk }: Environment, account: Account): Promise<void> {
  const found = await readMarker(disk);
  if (found.kind !== 'marker') return;
  const { namespace, instance, deviceId } = found.marker;
  if (namespace !== account.namespace || instance !== account.instance || deviceId === account.deviceId)
    return;
  const prepared = await disk.prepare();
  if (prepared.kind === 'ready') await writeMarker(disk, markerOf(account, 0, prepared.root));
}
