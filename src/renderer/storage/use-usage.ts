import { type EngineView, useEngine } from '../bridge/use-engine.ts';

/** The server counts: asked no more often than it matters. */
const EVERY_MS = 30_000;

export function useUsage(): EngineView<'usage'> {
  return useEngine('usage', {}, EVERY_MS);
}
