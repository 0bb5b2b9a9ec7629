import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Devices' },
  de: { title: 'Geräte' },
});

export function DevicesScreen() {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
