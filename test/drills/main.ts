/** `npm run drill -- 1 … 5`, or `all`. */
import { DRILLS } from './all-drills.ts';
import { runDrill } from './run-drill.ts';

const asked = process.argv.slice(2);
const chosen = DRILLS.filter(({ chain }) => asked.includes('all') || asked.includes(String(chain)));
const isKnown = asked.every((word) => word === 'all' || DRILLS.some(({ chain }) => String(chain) === word));
if (chosen.length === 0 || !isKnown) {
  console.error(`npm run drill -- ${DRILLS.map(({ chain }) => chain).join('|')}|all`);
  process.exit(2);
}
for (const drill of chosen) await runDrill(drill, console.log);
process.exit(0);
