/** Two versions beside each other: texts with what changed, pictures, else what is known. */
import { useState } from 'react';
import type { VersionRow } from '../../../ipc/shapes.ts';
import { Select } from '../../design/fields.tsx';
import { ErrorState, LoadingState } from '../../design/message.tsx';
import { NameText, visibleText } from '../../design/path-text.tsx';
import { ImageView } from '../../previews/image-view.tsx';
import { kindOfFile } from '../../previews/kind-of-file.ts';
import { TextDiff } from '../../previews/text-diff.tsx';
import { useVersionText } from '../../previews/version-text.ts';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './history.module.css';
import { type HistoryNode, inOrder, usualOther } from './pick-versions.ts';
import { words } from './words.ts';

interface CompareProps {
  readonly node: HistoryNode;
  readonly path: string;
  readonly chosen: VersionRow;
}

export function VersionCompare({ node, path, chosen }: CompareProps) {
  const w = useWords(words);
  const formats = useFormats();
  const [picked, setPicked] = useState<string | null>(null);
  const others = node.versions.filter((each) => each.version !== chosen.version);
  const other = others.find((each) => each.version === picked) ?? usualOther(node.versions, chosen);
  if (other === null) return <p className={classes['quiet']}>{w.nothingToCompare}</p>;
  const [older, newer] = inOrder(node.versions, chosen, other);
  return (
    <div className={classes['compare']}>
      <div className={classes['compareWith']}>
        <Select
          label={w.compareWith}
          value={other.version}
          choices={others.map((each) => ({
            value: each.version,
            label: `${w.version(formats.count(each.number))} · ${visibleText(each.user)} · ${formats.moment(each.at)}${each.current ? ` · ${w.current}` : ''}`,
          }))}
          onChange={setPicked}
        />
      </div>
      <Pair key={`${older.version} ${newer.version}`} node={node} path={path} older={older} newer={newer} />
    </div>
  );
}

interface PairProps {
  readonly node: HistoryNode;
  readonly path: string;
  readonly older: VersionRow;
  readonly newer: VersionRow;
}

function Pair(props: PairProps) {
  const { older, newer, path, node } = props;
  const w = useWords(words);
  const [noPicture, setNoPicture] = useState(false);
  if (older.content === newer.content) return <p className={classes['quiet']}>{w.sameContent}</p>;
  if (kindOfFile(path) === 'image' && !noPicture) {
    return (
      <div className={classes['pair']}>
        {[older, newer].map((each) => (
          <div key={each.version}>
            <h3>
              <SideName version={each} />
            </h3>
            <ImageView
              node={node.node}
              version={each.version}
              label={w.version(String(each.number))}
              onFailed={() => setNoPicture(true)}
            />
          </div>
        ))}
      </div>
    );
  }
  return kindOfFile(path) === 'other' ? <TextPair {...props} /> : <FactsPair {...props} />;
}

function TextPair(props: PairProps) {
  const { node, older, newer } = props;
  const w = useWords(words);
  const formats = useFormats();
  const a = useVersionText({ node: node.node, version: older.version });
  const b = useVersionText({ node: node.node, version: newer.version });
  if (a.state.kind === 'failed') return <ErrorState reply={a.state.reply} again={a.again} />;
  if (b.state.kind === 'failed') return <ErrorState reply={b.state.reply} again={b.again} />;
  if (a.state.kind === 'loading' || b.state.kind === 'loading') return <LoadingState rows={5} />;
  if (a.state.kind !== 'text' || b.state.kind !== 'text') return <FactsPair {...props} />;
  const label = (row: VersionRow) => w.version(formats.count(row.number));
  return (
    <TextDiff
      before={a.state.text}
      after={b.state.text}
      beforeLabel={label(older)}
      afterLabel={label(newer)}
      beforeHeading={<SideName version={older} />}
      afterHeading={<SideName version={newer} />}
    />
  );
}

function SideName({ version }: { readonly version: VersionRow }) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    <>
      {w.version(formats.count(version.number))} · <NameText name={version.user} /> ·{' '}
      <NameText name={version.device} />
    </>
  );
}

function FactsPair({ older, newer }: PairProps) {
  const w = useWords(words);
  const formats = useFormats();
  const row = (name: string, of: (version: VersionRow) => string) => (
    <tr>
      <th scope="row">{name}</th>
      <td>{of(older)}</td>
      <td>{of(newer)}</td>
    </tr>
  );
  return (
    <div className={classes['facts']}>
      <p className={classes['quiet']}>{w.onlyFacts}</p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{`${w.older}: ${w.version(formats.count(older.number))}`}</th>
            <th scope="col">{`${w.newer}: ${w.version(formats.count(newer.number))}`}</th>
          </tr>
        </thead>
        <tbody>
          {row(w.size, (version) => formats.bytes(version.size))}
          {row(w.who, (version) => `${visibleText(version.user)} · ${visibleText(version.device)}`)}
          {row(w.edited, (version) => formats.moment(version.editedAt))}
          {row(w.when, (version) => formats.moment(version.at))}
        </tbody>
      </table>
    </div>
  );
}
