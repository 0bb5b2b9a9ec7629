/** The part of PDF.js that reads PDFs, as a file of the app's own: a worker without page, bridge or network. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
