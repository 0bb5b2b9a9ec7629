import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Welcome to Tidemark' },
  de: { title: 'Willkommen bei Tidemark' },
});

export function FirstRun() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
