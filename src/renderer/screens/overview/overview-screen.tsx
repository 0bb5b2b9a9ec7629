import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Overview' },
  de: { title: 'Übersicht' },
});

export function OverviewScreen() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
