/** One verb, asked of the engine of one namespace in its own paths, and answered in those of the user. */
import type { Answer, Call, Params, Result } from '../../ipc/contract.ts';
import { engineVerbs, type RoutedMethod } from '../verbs/engine-verbs.ts';
import { outward } from './outward.ts';
import type { Surface } from './surfaces.ts';

/** Who is asked, and for what in its own words. */
export interface Asked<P> {
  readonly surface: Surface;
  readonly params: P;
}

export async function askIn<M extends RoutedMethod>(
  method: M,
  { surface, params }: Asked<Params<M>>,
  call: Call,
): Promise<Answer<Result<M>>> {
  return outward(method, surface, await engineVerbs(surface.engine)[method](params, call));
}
