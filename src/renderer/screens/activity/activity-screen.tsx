import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Activity' },
  de: { title: 'Aktivität' },
});

export function ActivityScreen() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
