/** Names as nobody should have to read them. */

const LONG = `${'a very long name that goes on and on '.repeat(7)}`.slice(0, 250);
export const HOSTILE_NAMES: readonly string[] = [
  'invoice\u202excod.exe',
  'first line\nsecond line\r\n\tthird.txt',
  '<img src=x onerror=alert(1)>.png',
  '<b>bold</b> & "quotes" \'&amp;\'.html',
  `${LONG}.docx`,
  'x'.repeat(251).concat('.txt'),
  'Familie 👨‍👩‍👧 im Urlaub 🏖️.jpg',
  'דוח שנתי 2026.pdf',
  'تقرير السنة/میزان‌ها 2026.xlsx',
  'zero\u200bwidth\ufeff name.txt',
  'javascript:alert(document.cookie)',
  'Projects/{file}/${name}/%s %n.txt',
  ' leading and trailing spaces .txt ',
  'e\u0301e\u0301 nfd – “curly” … ★.md',
];
