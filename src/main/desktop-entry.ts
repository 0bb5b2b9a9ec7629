/** The file by which a Linux desktop starts a program with the session. */

/** As the desktop entry specification has it: reserved characters make a quoted word, and four are escaped in it. */
function quoteForEntry(word: string): string {
  return `"${word.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')}"`;
}

export function desktopEntry(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Tidemark',
    `Exec=${command.map(quoteForEntry).join(' ')}`,
    'Icon=tidemark-app',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}
