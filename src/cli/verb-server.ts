/** The server in the foreground, and its users. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SIGN_UP_RULES } from '../../server-stub/accounts/sign-up.ts';
import { masterKeySource } from '../../server-stub/chunks/folder/master-key.ts';
import { addUser, Refusal, runServer, type ServerOptions } from '../../server-stub/main.ts';
import { coldOption, replicaOption } from '../../server-stub/options.ts';
import { EXIT } from '../ipc/exit.ts';
import { DEFAULT_PORT } from './defaults.ts';
import { passwordFrom } from './password-file.ts';
import { when } from './text.ts';
import { UsageError, wholeNumber } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

/** What the operator asked for cannot be done: one sentence, and code 1. */
export async function orRefusal(input: VerbInput, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    input.out.complain('no', error.message);
    return EXIT.no;
  }
}

function tlsFiles(input: VerbInput): ServerOptions['tls'] {
  const certFile = input.options['tls-cert'];
  const keyFile = input.options['tls-key'];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new UsageError('--tls-cert and --tls-key go together.');
  return { certFile: resolve(input.io.cwd, certFile), keyFile: resolve(input.io.cwd, keyFile) };
}

function signUpRule(typed: string | undefined): ServerOptions['signUp'] {
  if (typed === undefined) return undefined;
  const rule = SIGN_UP_RULES.find((each) => each === typed);
  if (rule === undefined) throw new UsageError(`--sign-up takes closed, invite or open, not "${typed}".`);
  return rule;
}

function replicaOf({ options, io }: VerbInput): ServerOptions['replica'] {
  const asked = replicaOption(options['replica'], options['replica-mode']);
  return asked && { ...asked, folder: resolve(io.cwd, asked.folder) };
}

function coldOf({ options, io }: VerbInput): ServerOptions['cold'] {
  const asked = coldOption(options['cold'], options['thaw-delay']);
  return asked && { ...asked, folder: resolve(io.cwd, asked.folder) };
}

function operatorToken(env: VerbInput['io']['env']): string | undefined {
  const path = env['TIDEMARK_OPERATOR_TOKEN_FILE'];
  if (path === undefined) return undefined;
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch {
    throw new Refusal(`The operator's token ${path} cannot be read.`);
  }
  if (/^\S{16,512}$/.test(token)) return token;
  throw new Refusal(`The operator's token in ${path} is not one word of 16 to 512 characters.`);
}

/** `127.0.0.1:4748`, `[::1]:4748`, or a port alone. */
function consoleOption(given: string | undefined, actions: boolean): ServerOptions['console'] {
  if (given === undefined) {
    if (actions) throw new UsageError('--console-actions needs --console.');
    return undefined;
  }
  const [, host = '127.0.0.1', port = ''] = /^(?:(\[[0-9a-fA-F:.]+\]|[^:]+):)?(\d{1,5})$/.exec(given) ?? [];
  if (port === '') throw new UsageError('--console takes an address and a port: 127.0.0.1:4748.');
  return { host, port: wholeNumber(port, 'console', 0, 65_535), actions };
}

/**
 * A signal that comes while the server starts is kept until it can be obeyed: the ready file may be there before the
 * server listens to signals, and whoever saw it may end the server at once.
 */
function keepEarlySignals(): () => void {
  let kept: NodeJS.Signals | null = null;
  const keep = (signal: NodeJS.Signals) => {
    kept = signal;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, keep);
  return () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeListener(signal, keep);
    const signal = kept;
    if (signal !== null) setImmediate(() => process.kill(process.pid, signal));
  };
}

export const runServerVerb: VerbRun = (input) => {
  const { options, io, out } = input;
  const port = options['port'];
  const readyFile = options['ready-file'];
  const data = resolve(io.cwd, options['data'] ?? '');
  const wanted = (): ServerOptions => ({
    data,
    host: options['host'],
    port: port === undefined ? DEFAULT_PORT : wholeNumber(port, 'port', 0, 65_535),
    tls: tlsFiles(input),
    signUp: signUpRule(options['sign-up']),
    masterKey: masterKeySource(io.env),
    replica: replicaOf(input),
    cold: coldOf(input),
    operatorToken: operatorToken(io.env),
    console: consoleOption(options['console'], options['console-actions'] !== undefined),
    readyFile: readyFile === undefined ? undefined : resolve(io.cwd, readyFile),
    log: (level, message, facts) => {
      io.stderr(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
    },
  });
  return orRefusal(input, async () => {
    const options = wanted();
    const obeySignals = keepEarlySignals();
    await runServer(options, (server) => {
      const { url, consoleUrl } = server;
      const certificate = server.certificate();
      obeySignals();
      const shown = certificate && { fingerprint: certificate.fingerprint, validTo: certificate.validTo };
      out.result({
        url,
        pid: process.pid,
        ...(consoleUrl === null ? {} : { console: consoleUrl }),
        ...(shown === null ? {} : { certificate: shown }),
      });
      out.say(`The server listens at ${url} and keeps its data in ${data}.`);
      if (consoleUrl !== null) out.say(`Its console is at ${consoleUrl}, for administrators.`);
      if (shown !== null)
        out.say(
          `Its certificate has the SHA-256 fingerprint ${shown.fingerprint}, and is valid until ${when(shown.validTo)}.`,
        );
    });
    out.say('The server has stopped.');
    return EXIT.ok;
  });
};

export const userAdd: VerbRun = async (input) => {
  const name = input.options['name'] ?? '';
  const password = await passwordFrom(input);
  return orRefusal(input, async () => {
    await addUser({ data: resolve(input.io.cwd, input.options['data'] ?? ''), name, password });
    input.out.result({ added: true, user: name });
    input.out.say(`${name} can now link devices.`);
    return EXIT.ok;
  });
};
