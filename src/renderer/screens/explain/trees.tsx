/** The three trees side by side: this disk, the server, and what both agreed on last. */
import type { ReactNode } from 'react';
import type { ExplainedNode, ExplainResult } from '../../../ipc/diagnosis.ts';
import { PathText } from '../../design/path-text.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './explain.module.css';
import { type ExplainWords, explainWords } from './words.ts';

type Row = readonly [name: string, of: (node: ExplainedNode) => ReactNode];

export function Trees({ result }: { readonly result: ExplainResult }) {
  const w = useWords(explainWords);
  const formats = useFormats();
  const trees = [result.local, result.remote, result.synced];
  const rows: readonly Row[] = [
    [w.state, (node) => stateText(node, w)],
    [w.kind, (node) => w[node.kind]],
    [w.place, (node) => (node.path === '' ? w.unknown : <PathText path={node.path} wrap />)],
    [w.version, (node) => versionText(node, result, formats.count) ?? w.unknown],
    [w.size, (node) => (node.size === null ? w.unknown : formats.bytes(node.size))],
    [
      w.changed,
      (node) =>
        node.mtimeNs === null ? w.unknown : formats.moment(Number(BigInt(node.mtimeNs) / 1_000_000n)),
    ],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes['scroll']} tabIndex={0} aria-label={w.trees}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <td />
            <th scope="col">{w.local}</th>
            <th scope="col">{w.remote}</th>
            <th scope="col">{w.synced}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of], row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {trees.map((node, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three columns that never change
                <td key={column}>{node === null ? (row === 0 ? w.nothing : w.unknown) : of(node)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function stateText({ state }: ExplainedNode, w: ExplainWords): string {
  switch (state) {
    case 'known':
      return w.known;
    case 'unhashed':
      return w.unhashed;
    case 'unseen':
      return w.stateUnseen;
    case 'excluded':
      return w.stateExcluded;
    case 'deleted':
      return w.deleted;
  }
}

/** A tree may know only the exact version: its number stands in the lineage. */
function versionText(
  { number, version }: ExplainedNode,
  { lineage }: ExplainResult,
  count: (value: number) => string,
): string | null {
  const known = number ?? lineage.find((each) => each.version === version)?.number ?? null;
  return known === null ? null : count(known);
}
