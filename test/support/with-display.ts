/** Runs a command on a virtual display: `node test/support/with-display.ts COMMAND WORD…`. Elsewhere than on Linux as it is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openDisplay } from './display.ts';

const [command = '', ...words] = process.argv.slice(2);
const display = await openDisplay();
const child = spawn(command, words, { stdio: 'inherit', env: { ...process.env, ...display.env } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
await display.close();
process.exitCode = code ?? 1;
