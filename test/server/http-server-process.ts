/** A server in a process of its own, as the command line runs it: for tests that stop or kill one. */
import { Refusal, runServer } from '../../server-stub/main.ts';

const [data, readyFile] = process.argv.slice(2);
if (data === undefined || readyFile === undefined) throw new Error('data folder and ready file are missing');
try {
  await runServer({ data, readyFile });
} catch (cause) {
  if (!(cause instanceof Refusal)) throw cause;
  console.error(cause.message);
  process.exitCode = 3;
}
