import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Conflicts' },
  de: { title: 'Konflikte' },
});

export function ConflictsScreen(_: { readonly id: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
