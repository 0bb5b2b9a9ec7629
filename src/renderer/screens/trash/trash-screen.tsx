import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Trash' },
  de: { title: 'Papierkorb' },
});

export function TrashScreen() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
