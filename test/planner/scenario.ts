/** A failure as a test that can be pasted into a test file of this folder, with what each action does in words. */
import { labelOf, tokenOf } from './memory-trees.ts';
import type { Manner, World } from './model.ts';
import type { Scheme } from './model-scheme.ts';
import { type Failure, retell, tryScheme } from './model-shrink.ts';
import type { UserAction } from './model-user.ts';

/** Runs a scheme; throws what is wrong with it. */
export function play(scheme: Scheme, manner: Manner = {}): void {
  const failure = tryScheme(scheme, undefined, manner);
  if (failure) throw new Error(failure.message);
}

export function scenarioOf({ scheme, message }: Failure, manner: Manner = {}): string {
  const world = retell(scheme, manner);
  const lines = (actions: readonly UserAction[]): string[] =>
    actions.map(
      (action) =>
        `    { device: ${action.device}, kind: '${action.kind}', a: ${action.a}, b: ${action.b}, c: ${action.c} }, // ${world.done.get(action) ?? 'does nothing'}`,
    );
  const traits = (['seed', 'devices', 'way', 'names', 'folding', 'bad', 'eager', 'disorderly'] as const).map(
    (trait) => `    ${trait}: ${JSON.stringify(scheme[trait])},`,
  );
  return [
    `// ${message.replaceAll('\n', '\n// ')}`,
    ...treeLines(world),
    ...planLines(world),
    `import { test } from 'node:test';`,
    `import { play } from './scenario.ts';`,
    '',
    `test(${JSON.stringify(`a world comes to rest: ${message.split('\n')[0]}`)}, () => {`,
    '  play({',
    ...traits,
    '    start: [',
    ...lines(scheme.start).map((line) => `  ${line}`),
    '    ],',
    '    actions: [',
    ...lines(scheme.actions).map((line) => `  ${line}`),
    '    ],',
    '  });',
    '});',
  ].join('\n');
}

/** The trees as they stood when it failed. */
function treeLines({ server, devices }: World): string[] {
  const lines = ['// server:'];
  for (const { node, parent, name, live, line } of server.nodes.all())
    if (name !== '')
      lines.push(
        `//   ${labelOf(node)} ${labelOf(parent)}/${name}${live ? '' : ' (deleted)'} ${tokenOf(line.at(-1)?.content ?? null)}`,
      );
  for (const { number, trees } of devices) {
    lines.push(`// device ${number}:`);
    for (const { node, parent, name, condition, content } of trees.locals.all())
      lines.push(
        `//   ${labelOf(node)} ${labelOf(parent)}/${name} ${tokenOf(content)}${condition === 'seen' ? '' : ` (${condition})`}`,
      );
  }
  return lines;
}

function planLines({ devices }: World): string[] {
  return devices.map((each) => `// device ${each.number} planned at last: ${each.lastPlan}`);
}
