import { catalogue } from '../../words/language.tsx';

export const popoverWords = catalogue({
  en: {
    label: 'Tidemark',
    folder: 'Open folder',
    window: 'Open window',
    settings: 'Settings',
    quit: 'Quit Tidemark',
    all: 'All activity',
  },
  de: {
    label: 'Tidemark',
    folder: 'Ordner öffnen',
    window: 'Fenster öffnen',
    settings: 'Einstellungen',
    quit: 'Tidemark beenden',
    all: 'Alle Aktivität',
  },
});
