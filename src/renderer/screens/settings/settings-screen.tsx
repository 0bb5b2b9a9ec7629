import { Screen } from '../../design/screen.tsx';
import { catalogue, useWords } from '../../words/language.tsx';

const words = catalogue({
  en: { title: 'Settings' },
  de: { title: 'Einstellungen' },
});

export function SettingsScreen(_: { readonly section: string | null }) {
  const w = useWords(words);
  return <Screen title={w.title}>{null}</Screen>;
}
