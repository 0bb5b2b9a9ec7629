/** The command line's entry point: wiring of `run-cli.ts` to this process. */

// A reader that has seen enough ("tidemark cat … | head") is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1));
}

function write(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(data, () => resolve());
  });
}

/** More than any secret or list of rules: what is endless is no input of ours. */
const MOST_INPUT = 1024 * 1024;

async function readAll(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part);
    parts.push(bytes);
    size += bytes.length;
    if (size > MOST_INPUT) break;
  }
  return Buffer.concat(parts);
}

const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') {
  // Asked for by scripts all the time: it loads nothing else.
  const { productVersion } = await import('../ipc/node-version.ts');
  await write(`tidemark ${productVersion()}\n`);
  process.exit(0);
}
const { runCli } = await import('./run-cli.ts');
const code = await runCli(words, {
  stdout: write,
  stderr: (text) => process.stderr.write(text),
  stdin: readAll,
  env: process.env,
  cwd: process.cwd(),
  terminal: process.stdout.isTTY === true && process.env['TERM'] !== 'dumb',
}).catch((error: unknown) => {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Tidemark had a fault of its own. Please report this:\n${detail}\n`);
  return 1;
});
// Not left to the event loop: a verb that has answered is over, whatever is still open.
process.stderr.write('', () => process.exit(code));
