/** A process that opens a state as often as it is told to, and says what it found each time. */
import { createInterface } from 'node:readline';
import { openState } from '../../src/engine/state/database.ts';

for await (const path of createInterface({ input: process.stdin })) {
  const opened = openState(path);
  let rows = -1;
  if (opened.kind === 'open') {
    // Only the opening is struck: by now the fault is over, or the row cannot be counted and the kind says enough.
    try {
      rows = Number(opened.db.prepare("SELECT count(*) FROM meta WHERE key LIKE 'row %'").pluck().get());
    } catch {
      rows = -2;
    }
    opened.db.close();
  }
  const detail = 'detail' in opened ? opened.detail : '';
  console.log(JSON.stringify({ kind: opened.kind, rows, detail }));
}
