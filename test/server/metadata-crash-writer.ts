/** Commits claims one batch after the other and says what was acknowledged, until it is killed. */
import { World } from './metadata-world.ts';

const world = new World(process.argv[2]!, Number(process.argv[3]));
const hand = await world.device(`writer ${process.argv[3]}`);
process.stdout.write(`${JSON.stringify({ caller: hand.caller })}\n`);
for (let batch = 0; ; batch += 1) {
  const claims = Array.from({ length: 1 + (batch % 7) }, (_, i) =>
    hand.create({ name: `${process.argv[3]} ${batch} ${i}`, content: null }),
  );
  const outcomes = await hand.send(...claims);
  if (outcomes.some((outcome) => outcome.kind !== 'committed')) process.exit(1);
  const nodes = outcomes.map((outcome) => outcome.node);
  process.stdout.write(`${JSON.stringify({ claims, nodes })}\n`);
}
