import type { Drill } from './drill.ts';
import { DrillStage } from './stage.ts';

/** One drill from beginning to end; throws at the first thing that is not as it must be. */
export async function runDrill(drill: Drill, say: (line: string) => void): Promise<void> {
  const began = performance.now();
  say(`Failure chain ${drill.chain}: ${drill.title}`);
  const stage = await DrillStage.open(drill, say);
  try {
    await drill.run(stage);
  } finally {
    await stage.close();
  }
  say(`  passed   in ${Math.round((performance.now() - began) / 1000)} s`);
}
