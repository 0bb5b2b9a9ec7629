/** First run and signing in again, by the `link` of the command line: what is linked here and there is the same. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { type Program, type Ran, runOwn } from '../cli/own-process.ts';
import { firstUser, type HomeFolder, knownPort } from '../cli/start/home-folder.ts';
import { type Refused, refused } from '../ipc/contract.ts';
import { Facts, nullable, open } from '../ipc/shapes.ts';
import { type LinkPlanned, type LinkTarget, MergePlanShown, type SignUpParams } from '../ipc/window.ts';
import { ErrorCode } from '../protocol/errors.ts';
import { parserOf } from '../protocol/schema.ts';
import type { ChosenCertificates } from './chosen-certificates.ts';
import type { HomeService } from './home-service.ts';
import type { Keychain, KeychainKind } from './keychain.ts';

export interface LinkWish {
  readonly target: LinkTarget;
  readonly folder: string;
  readonly device: string;
}

export type Linked =
  | { readonly kind: 'linked'; readonly folder: string; readonly keychain: KeychainKind }
  | Refused;

export interface Linking {
  isLinked(): boolean;
  /** Whether the device that is linked here syncs with the server in this home. */
  isHere(): Promise<boolean>;
  /** The folder of the device that is linked here; null when none is. */
  folder(): string | null;
  /** An account on a server; nothing is linked. */
  signUp(wish: SignUpParams): Promise<{ readonly kind: 'done' } | Refused>;
  plan(wish: LinkWish): Promise<LinkPlanned>;
  begin(wish: LinkWish): Promise<Linked>;
  /** The same device again, where it was. */
  again(password: string): Promise<Linked>;
}

const Account = open({
  serverUrl: Type.String(),
  user: Type.String(),
  device: Type.String(),
  folder: Type.String(),
});
const parseAccount = parserOf(Account);
const parseResult = parserOf(
  open({ folder: Type.String(), plan: MergePlanShown, token: nullable(Type.String()) }),
);
const parseRefusal = parserOf(
  open({ error: open({ code: ErrorCode, sentence: Type.String(), facts: Type.Optional(Facts) }) }),
);

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function whyNot(ran: Ran): Refused {
  const parsed = parseRefusal(json(ran.stdout));
  if (parsed.kind === 'ok') return refused(parsed.value.error.code, parsed.value.error.facts ?? {});
  return refused('cannot-start', {
    detail: ran.stderr.trim().split('\n').at(-1) ?? `link ended with ${ran.code}`,
  });
}

interface Where {
  /** Which server and account, as the command line takes it. */
  readonly words: readonly string[];
  /** Called when its files are needed no more. */
  readonly done: () => Promise<void>;
}

export function createLinking(options: {
  readonly home: HomeFolder;
  readonly program: Program;
  readonly service: HomeService;
  readonly keychain: Keychain;
  readonly certificates: ChosenCertificates;
}): Linking {
  const { home, program, service, keychain, certificates } = options;

  const account = () => {
    try {
      const parsed = parseAccount(json(readFileSync(join(home.state, 'account.json'), 'utf8')));
      return parsed.kind === 'ok' ? parsed.value : null;
    } catch {
      return null;
    }
  };

  /** Secrets go by owner-only files that live for one command: arguments can be read by everybody. */
  const withFiles = async (
    who: { readonly server: string; readonly user: string },
    texts: Readonly<Record<`--${string}`, string | null>>,
  ): Promise<Where> => {
    await mkdir(home.root, { recursive: true, mode: 0o700 });
    const files = Object.entries(texts).flatMap(([option, text]) =>
      text === null ? [] : [{ option, text, file: join(home.root, `for-one-command-${randomUUID()}`) }],
    );
    const done = async () => {
      for (const { file } of files) await rm(file, { force: true });
    };
    try {
      for (const { file, text } of files) await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      await done();
      throw error;
    }
    const named = files.flatMap(({ option, file }) => [option, file]);
    return { words: ['--server', who.server, '--user', who.user, ...named], done };
  };

  const signUp = async (wish: SignUpParams): Promise<Ran> => {
    const where = await withFiles(wish, {
      '--password-file': wish.password,
      '--code-file': wish.code,
      '--ca': certificates.pemOf(wish.certificates),
    });
    try {
      return await runOwn(['sign-up', ...where.words, '--json'], program);
    } finally {
      await where.done();
    }
  };

  const whereOf = async (target: LinkTarget): Promise<Where | Refused> => {
    if (target.kind === 'server')
      return withFiles(target, {
        '--password-file': target.password,
        '--ca': certificates.pemOf(target.certificates),
      });
    const started = await service.start();
    if (started.kind === 'ended') return refused('cannot-start', { detail: started.why });
    return {
      words: ['--server', started.url, '--user', firstUser(), '--password-file', home.passwordFile],
      done: () => Promise.resolve(),
    };
  };

  const link = async (
    where: Where,
    folder: string,
    device: string,
    more: readonly string[],
  ): Promise<Ran> => {
    const what = ['--device', device, '--state', home.state, '--folder', folder];
    try {
      return await runOwn(['link', ...where.words, ...what, '--json', ...more], program);
    } finally {
      await where.done();
    }
  };

  const linkForGood = async (where: Where, folder: string, device: string): Promise<Linked> => {
    const kind = keychain.tried();
    const ran = await link(where, folder, device, kind === 'strong' ? ['--token-out'] : []);
    const parsed = ran.code === 0 ? parseResult(json(ran.stdout)) : null;
    if (parsed?.kind !== 'ok') return whyNot(ran);
    const { token } = parsed.value;
    if (token === null) await keychain.forget();
    else await keychain.keep(token);
    return { kind: 'linked', folder: parsed.value.folder, keychain: kind };
  };

  const isLinked = () => existsSync(join(home.state, 'account.json'));

  const isHere = async (): Promise<boolean> => {
    const server = account()?.serverUrl ?? '';
    if (!URL.canParse(server)) return false;
    const { hostname, port } = new URL(server);
    const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
    return isLoopback && Number(port) === (await knownPort(home));
  };

  return {
    isLinked,
    isHere,
    folder: () => account()?.folder ?? null,
    signUp: async (wish) => {
      const ran = await signUp(wish);
      return ran.code === 0 ? { kind: 'done' } : whyNot(ran);
    },
    plan: async ({ target, folder, device }) => {
      const where = await whereOf(target);
      if ('code' in where) return where;
      const ran = await link(where, folder, device, ['--dry-run']);
      const parsed = ran.code === 0 ? parseResult(json(ran.stdout)) : null;
      if (parsed?.kind !== 'ok') return whyNot(ran);
      return { kind: 'planned', folder: parsed.value.folder, plan: parsed.value.plan };
    },
    begin: async ({ target, folder, device }) => {
      if (isLinked()) return refused('linked-already', { file: account()?.folder ?? folder });
      const where = await whereOf(target);
      return 'code' in where ? where : linkForGood(where, folder, device);
    },
    again: async (password) => {
      const before = account();
      if (before === null) return refused('state-missing', { file: home.state });
      const who = { server: before.serverUrl, user: before.user };
      const where = await withFiles(who, { '--password-file': password });
      return linkForGood(where, before.folder, before.device);
    },
  };
}
