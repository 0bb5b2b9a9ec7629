/** `tidemark demo`: plays the story, and checks every step on both sides. */
import { readFile } from 'node:fs/promises';
import { EXIT } from '../../ipc/exit.ts';
import type { Out } from '../out.ts';
import { bytes, plural } from '../text.ts';
import type { VerbRun } from '../verbs.ts';
import type { Picture, Thing } from './compare-folders.ts';
import { DemoFailure, Stage } from './stage.ts';
import { type Expected, STEPS, type Step } from './steps.ts';

async function textAt(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/** Both sides were compared with each other; this compares them with what must be there. */
async function check(stage: Stage, expected: Expected): Promise<void> {
  for (const device of [stage.laptop, stage.studio]) {
    for (const [path, content] of Object.entries(expected)) {
      const found = await textAt(device.path(path));
      if (found === content) continue;
      const has = found === null ? 'nothing' : JSON.stringify(found);
      const wanted = content === null ? 'nothing' : JSON.stringify(content);
      throw new DemoFailure(`${device.name} has ${has} at ${path}; it must be ${wanted}.`);
    }
  }
}

function label(path: string, thing: Thing): string {
  switch (thing.kind) {
    case 'file':
      return `${path} (${bytes(thing.size)}${thing.executable ? ', program' : ''})`;
    case 'symlink':
      return `${path} → ${thing.target}`;
    case 'folder':
    case 'other':
      return `${path}/`;
  }
}

function onBothSides(picture: Picture): string[] {
  const shown = [...picture].filter(([, thing]) => thing.kind !== 'folder');
  return shown.map(([path, thing]) => `       ${label(path, thing)}`);
}

interface Played {
  readonly title: string;
  readonly seconds: number;
  readonly wireBytes: number;
  readonly things: number;
}

async function play(stage: Stage, step: Step, index: number, out: Out): Promise<Played> {
  out.say(`${String(index + 1).padStart(2)}. ${step.title}`, ...step.story.map((line) => `    ${line}`));
  const [began, wireBefore] = [performance.now(), await stage.wireBytes()];
  await step.act(stage);
  const picture = await stage.inStep();
  const { expected, told } = await step.outcome(stage);
  await check(stage, expected);
  const played = {
    title: step.title,
    seconds: Math.round(performance.now() - began) / 1000,
    wireBytes: (await stage.wireBytes()) - wireBefore,
    things: picture.size,
  };
  out.say(
    ...told.map((line) => `    ${line}`),
    `    Both sides are the same, every byte compared (${played.seconds.toFixed(1)} s, ${bytes(played.wireBytes)} on the wire):`,
    ...onBothSides(picture),
    '',
  );
  return played;
}

async function playAll(stage: Stage, out: Out): Promise<number> {
  const played: Played[] = [];
  try {
    for (const [index, step] of STEPS.entries()) played.push(await play(stage, step, index, out));
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error;
    out.complain('no', error.message);
    return EXIT.no;
  }
  out.result({ ok: true, steps: played });
  const seconds = played.reduce((sum, step) => sum + step.seconds, 0);
  out.say(`${plural(played.length, 'step')} in ${seconds.toFixed(0)} s, and not one byte was lost.`);
  return EXIT.ok;
}

/** Null when the stage could not be set; the reason is told. */
async function openStage(out: Out): Promise<Stage | null> {
  try {
    return await Stage.open();
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error;
    out.complain('no', error.message);
    return null;
  }
}

export const demo: VerbRun = async ({ out, switches }) => {
  const keep = switches.has('keep');
  // Before anything is started: a Ctrl-C at any moment still ends the server and the devices.
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(EXIT.no));
  });
  out.say('Two devices, "Laptop" and "Studio", and a server between them: each its own process.', '');
  const stage = await openStage(out);
  if (stage === null) return EXIT.no;
  try {
    return await Promise.race([interrupted, playAll(stage, out)]);
  } finally {
    await stage.close(keep);
    if (keep) out.say(`Everything is left in ${stage.root}.`);
  }
};
