import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Problems' },
  de: { title: 'Probleme' },
});

export function ProblemsScreen(_: { readonly code: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
