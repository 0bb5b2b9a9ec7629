import { catalogue } from '../words/catalogue.ts';

export const words = catalogue({
  en: {
    unchangedLines: '$ unchanged lines',
    sameText: 'Both texts are the same',
    changedLines: (added: string, removed: string) => `Lines added: ${added}, removed: ${removed}`,
    previousChange: 'Previous change',
    nextChange: 'Next change',
    loadingPicture: 'Loading the picture',
    pixels: (width: string, height: string) => `${width} × ${height} pixels`,
    linkTo: 'A link that points to',
    empty: 'This version is empty.',
    noPreview: 'This kind of file cannot be shown here.',
    tooLarge: (size: string) => `With ${size} this version is too large to be shown here.`,
    openCopy: 'Open a read-only copy',
  },
  de: {
    unchangedLines: '$ unveränderte Zeilen',
    sameText: 'Beide Texte sind gleich',
    changedLines: (added: string, removed: string) => `Zeilen hinzugefügt: ${added}, entfernt: ${removed}`,
    previousChange: 'Vorige Änderung',
    nextChange: 'Nächste Änderung',
    loadingPicture: 'Das Bild wird geladen',
    pixels: (width: string, height: string) => `${width} × ${height} Pixel`,
    linkTo: 'Eine Verknüpfung auf',
    empty: 'Diese Version ist leer.',
    noPreview: 'Diese Art Datei kann hier nicht gezeigt werden.',
    tooLarge: (size: string) => `Mit ${size} ist diese Version zu groß, um hier gezeigt zu werden.`,
    openCopy: 'Schreibgeschützte Kopie öffnen',
  },
});
