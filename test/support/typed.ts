/** Runs the command line in this process, as if typed, and keeps what it says. */
import { runCli } from '../../src/cli/run-cli.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes, for what is no text. */
  readonly bytes: Buffer;
}

export interface TypedWhere {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly terminal?: boolean;
  readonly stdin?: string;
}

/** Nobody's home, so that no device of the person who runs the tests is taken by default. */
const NO_HOME = { HOME: '/nonexistent', TIDEMARK_HOME: '/nonexistent/.tidemark' };

export async function typed(words: readonly string[], where: TypedWhere = {}): Promise<Said> {
  const out: Uint8Array[] = [];
  let stderr = '';
  const code = await runCli(words, {
    stdout: async (data) => {
      out.push(Buffer.from(data));
    },
    stderr: (text) => {
      stderr += text;
    },
    stdin: () => Promise.resolve(Buffer.from(where.stdin ?? '')),
    env: { ...NO_HOME, ...where.env },
    cwd: where.cwd ?? '/',
    terminal: where.terminal ?? false,
  });
  const bytes = Buffer.concat(out);
  return { code, stdout: bytes.toString('utf8'), stderr, bytes };
}
