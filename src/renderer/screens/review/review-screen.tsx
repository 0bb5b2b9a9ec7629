import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Review' },
  de: { title: 'Prüfen' },
});

export function ReviewScreen(_: { readonly id: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
