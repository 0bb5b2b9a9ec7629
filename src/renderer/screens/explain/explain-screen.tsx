import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Why is this file like this?' },
  de: { title: 'Warum ist diese Datei so?' },
});

export function ExplainScreen(_: { readonly path: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
