/** The files beside the pages, as text: the bundle has them inside, so that nothing has to be found at run time. */
import { readFileSync } from 'node:fs';
import type { ServerAnswer } from '../exchange.ts';
import { answer } from './frame.ts';

const STYLE = readFileSync(new URL('./page/console.css', import.meta.url), 'utf8');
const PICTURES = readFileSync(new URL('./page/pictures.css', import.meta.url), 'utf8');
const CHARTS = readFileSync(new URL('./page/charts.js', import.meta.url), 'utf8');

export function staticFile(path: string): ServerAnswer | null {
  if (path === '/console.css') return answer(200, 'text/css; charset=utf-8', STYLE + PICTURES);
  if (path === '/charts.js') return answer(200, 'text/javascript; charset=utf-8', CHARTS);
  return null;
}
