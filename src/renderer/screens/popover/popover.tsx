import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Tidemark' },
  de: { title: 'Tidemark' },
});

export function Popover() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
