/** PDF.js with everything off that a preview of somebody else's file must not do. */
import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

GlobalWorkerOptions.workerSrc = new URL('pdf-worker.js', document.baseURI).href;

/** Drawn somewhat larger than shown, so that it stays sharp. */
const SHARP = 1.5;
const LEAST = 320;

/** Draws the first page; says how many there are. The bytes are fetched here: the worker gets nothing to fetch with. */
export async function drawFirstPage(
  url: string,
  canvas: HTMLCanvasElement,
  signal: AbortSignal,
): Promise<number> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`the preview was refused: ${response.status}`);
  const data = new Uint8Array(await response.arrayBuffer());
  const task = getDocument({
    data,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: true,
    isOffscreenCanvasSupported: false,
    maxImageSize: 40_000_000,
    stopAtErrors: false,
    verbosity: 0,
  });
  signal.addEventListener('abort', () => void task.destroy(), { once: true });
  try {
    const pdf = await task.promise;
    const page = await pdf.getPage(1);
    const width = Math.max(LEAST, canvas.clientWidth * window.devicePixelRatio * SHARP);
    const whole = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: width / Math.max(whole.width, whole.height / 2) });
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    await page.render({ canvas, viewport }).promise;
    return pdf.numPages;
  } finally {
    await task.destroy();
  }
}
