// @ts-check
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow } from 'electron';

const build = fileURLToPath(new URL('..', import.meta.url));

/** Black is the ink, and turns white on dark panels; the colours of warnings get lighter there. */
/** @type {Readonly<Record<string, string>>} */
const ON_DARK = { '#000': '#fff', '#b25e00': '#ffb347', '#c62f2f': '#ff7b72' };

/**
 * @param {string} svg
 * @param {(colour: string) => string} change
 */
const recolour = (svg, change) => svg.replace(/#[0-9a-f]{3,6}\b/g, change);

/**
 * @param {BrowserWindow} window
 * @param {string} svg
 * @param {number} size
 */
const draw = async (window, svg, size) => {
  const script = `(async () => {
    const image = new Image();
    image.src = ${JSON.stringify(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`)};
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = ${size};
    canvas.getContext('2d').drawImage(image, 0, 0, ${size}, ${size});
    return canvas.toDataURL('image/png');
  })()`;
  const url = String(await window.webContents.executeJavaScript(script));
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
};

app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  await window.loadURL('data:text/html,<title>icons</title>');
  mkdirSync(`${build}/icons/tray`, { recursive: true });
  for (const file of readdirSync(`${build}/tray`)) {
    const state = file.replace(/\.svg$/, '');
    const svg = readFileSync(`${build}/tray/${file}`, 'utf8');
    const onLight = svg;
    const onDark = recolour(svg, (colour) => ON_DARK[colour] ?? colour);
    for (const [name, text] of Object.entries({ 'on-light': onLight, 'on-dark': onDark })) {
      for (const size of [16, 22, 32]) {
        const path = `${build}/icons/tray/${state}-${name}-${size}`;
        writeFileSync(`${path}.png`, await draw(window, text, size));
        writeFileSync(`${path}@2x.png`, await draw(window, text, size * 2));
      }
    }
    // macOS wants ink only and colours it by itself.
    const ink = recolour(svg, () => '#000');
    writeFileSync(`${build}/icons/tray/${state}Template.png`, await draw(window, ink, 16));
    writeFileSync(`${build}/icons/tray/${state}Template@2x.png`, await draw(window, ink, 32));
  }
  const icon = readFileSync(`${build}/icon.svg`, 'utf8');
  writeFileSync(`${build}/icon.png`, await draw(window, icon, 1024));
  for (const size of [16, 32, 48, 64, 128, 256, 512])
    writeFileSync(`${build}/icons/${size}x${size}.png`, await draw(window, icon, size));
  app.exit(0);
});
