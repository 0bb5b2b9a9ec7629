import { posix } from 'node:path';
import { isCode, isFixture, isIn, type TreeFile, type Violation } from './violation.ts';

const ROOTS = ['src', 'server-stub', 'native-helpers', 'test'];
const MAX_LINES = 500;
const P90_LINES = 300;
const MEDIAN_LINES = 100;
const README_LINES = 20;

const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

const isCounted = (path: string): boolean => isCode(path) || /\.(?:cc|h|sql|css)$/.test(path);

/** The value that the given share of the sorted numbers does not exceed. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** No file is too long to hold in mind, and most are short. */
export const checkSizes = (files: readonly TreeFile[]): readonly Violation[] => {
  const counted = files.filter(({ path }) => isIn(path, ...ROOTS) && isCounted(path) && !isFixture(path));
  const tooLong = counted
    .map(({ path, text }) => ({ path, lines: linesOf(text) }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => ({ rule: 'file-size', path, message: `${lines} lines; at most ${MAX_LINES}` }));
  const program = counted.filter(({ path }) => isIn(path, 'src', 'server-stub') && /\.tsx?$/.test(path));
  const sorted = program.map(({ text }) => linesOf(text)).sort((a, b) => a - b);
  const spread = [
    { name: 'the 90th percentile', is: quantile(sorted, 0.9), limit: P90_LINES },
    { name: 'the median', is: quantile(sorted, 0.5), limit: MEDIAN_LINES },
  ];
  return [
    ...tooLong,
    ...spread
      .filter(({ is, limit }) => is > limit)
      .map(({ name, is, limit }) => ({
        rule: 'file-size',
        path: 'src, server-stub',
        message: `${name} of all files is ${is} lines; at most ${limit}`,
      })),
  ];
};

const VAGUE = /^(?:utils?|helpers?|common|managers?)$|-(?:utils?|helpers|managers?)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const NAMED_BY_CONVENTION = new Set(['README.md']);

const nameTroubles = (path: string): readonly string[] => {
  const parts = path.split('/');
  const vague = parts
    .map((part) => part.replace(/\..*$/, ''))
    .filter((part, index) => VAGUE.test(part) && !(index === 0 && part === 'native-helpers'))
    .map((part) => `"${part}" says nothing about what is inside`);
  const odd = parts
    .filter((part) => !KEBAB.test(part) && !NAMED_BY_CONVENTION.has(part))
    .map((part) => `"${part}" is not in kebab-case`);
  return [...vague, ...odd];
};

/** Names say what is inside, in one spelling. */
export const checkNames = (files: readonly TreeFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => isIn(path, ...ROOTS) && !isFixture(path))
    .flatMap(({ path }) => nameTroubles(path).map((message) => ({ rule: 'names', path, message })));

/** Screens are alike: what each of these folders is for, the one above says. */
const TOLD_ABOVE = /^src\/renderer\/screens\//;

/** Every folder with code says in a few lines what it is for. */
export const checkReadmes = (files: readonly TreeFile[]): readonly Violation[] => {
  const inside = files.filter(({ path }) => isIn(path, ...ROOTS) && !isFixture(path));
  const texts = new Map(inside.map(({ path, text }) => [path, text]));
  const folders = new Set(
    inside.filter(({ path }) => isCounted(path)).map(({ path }) => posix.dirname(path)),
  );
  const speaking = [...folders].filter((folder) => !TOLD_ABOVE.test(folder)).sort();
  return speaking.flatMap((folder) => {
    const path = `${folder}/README.md`;
    const text = texts.get(path);
    if (text === undefined) return [{ rule: 'readme', path: folder, message: 'the folder has no README.md' }];
    const lines = linesOf(text);
    if (lines <= README_LINES) return [];
    return [{ rule: 'readme', path, message: `${lines} lines; at most ${README_LINES}` }];
  });
};
