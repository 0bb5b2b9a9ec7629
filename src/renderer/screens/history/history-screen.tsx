import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'History' },
  de: { title: 'Verlauf' },
});

export function HistoryScreen(_: { readonly path: string | null; readonly node: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
