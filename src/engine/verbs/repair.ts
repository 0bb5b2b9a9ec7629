/** The three repairs: replay the journal, re-enumerate one surface, re-check one file. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { ROOT_NODE } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { noServer, unanswered } from './no-server.ts';

export async function repair(engine: Engine, params: Params<'repair'>): Promise<Answer<Result<'repair'>>> {
  if (!engine.ready) return refused('unavailable');
  if ('replay' in params) return replay(engine);
  return 'surface' in params ? surface(engine, params.surface) : file(engine, params.file);
}

/** The remote tree is read anew from the server, and everything compared. */
async function replay(engine: Engine): Promise<Answer<Result<'repair'>>> {
  const { state, journal } = engine;
  const cut = noServer(engine);
  if (cut) return cut;
  const before = state.frontier.size;
  const done = await journal.replay();
  if (done !== 'caught-up') return unanswered(engine);
  const found = Math.max(0, state.frontier.size - before);
  return ok({
    kind: 'replay',
    checked: state.remote.countFiles(),
    found,
    sentence:
      found === 0
        ? 'The server was read again: nothing differs.'
        : `The server was read again: ${found} paths differ and are put right.`,
  });
}

async function surface(engine: Engine, path: string): Promise<Answer<Result<'repair'>>> {
  const { state, scanner } = engine;
  const node = path === '' ? ROOT_NODE : state.nodeAt(path);
  if (!node) return refused('not-found', { file: path });
  const before = state.frontier.size;
  scanner.listFolder(node);
  await scanner.settleMissing();
  const found = Math.max(0, state.frontier.size - before);
  return ok({
    kind: 'surface',
    checked: state.local.children(node).length,
    found,
    sentence: `${engine.shown(path) || 'The folder'} was listed again: ${found} paths differ.`,
  });
}

/** The bytes are read again, whatever the stamp says. */
async function file(engine: Engine, path: string): Promise<Answer<Result<'repair'>>> {
  const { state, scanner } = engine;
  const node = state.nodeAt(path);
  if (!node) return refused('not-found', { file: path });
  state.local.unhash(node);
  state.problems.clear(`silent:${node}`);
  const row = state.local.get(node);
  if (row) scanner.lookAt(row.parent, row.name);
  return ok({
    kind: 'file',
    checked: 1,
    found: 0,
    sentence: `${engine.shown(path)} is being read again and compared.`,
  });
}
