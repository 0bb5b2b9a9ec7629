/** Run as another user: what does listing this folder say? */
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';

const [root = '', folder = '', calls] = process.argv.slice(2);
const disk = await openNodeDisk({ root, forceFallback: calls === 'fallback' });
const outcome = await disk.list(folder);
process.stdout.write(outcome.kind === 'failed' ? outcome.trouble : outcome.kind);
