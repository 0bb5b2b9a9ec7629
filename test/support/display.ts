/** A screen for programs with windows, on machines that have none: a virtual one, ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Display {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The first free number is chosen by Xvfb itself, which tells it on descriptor 3. */
async function numberOf(server: ChildProcess): Promise<string> {
  const told = server.stdio[3];
  if (told === null || told === undefined || !('setEncoding' in told))
    throw new Error('Xvfb has no descriptor 3');
  told.setEncoding('utf8');
  let text = '';
  for await (const piece of told) {
    text += String(piece);
    if (text.includes('\n')) return text.trim();
  }
  throw new Error('Xvfb did not start: npm run setup -- --test');
}

/** Open to every user of this machine: a test may run the app as another one. */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux') return { env: {}, close: () => Promise.resolve() };
  const words = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-ac'];
  const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  server.once('error', () => undefined);
  const display = `:${await numberOf(server)}`;
  return {
    env: { DISPLAY: display },
    close: async () => {
      if (server.exitCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}
