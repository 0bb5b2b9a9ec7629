/** A PDF of one page for the stage: a title, some lines, a drawing. `seed` is what tells two of them apart. */
export function pdfOf(seed: string): Uint8Array {
  const last = Number(/(\d+)$/.exec(seed)?.[1] ?? 1);
  const lines = [
    'Harbour budget 2026',
    `Draft ${last}`,
    'Quay repairs: 48 200',
    `Lights: ${9_100 + last * 350}`,
  ];
  const text = lines
    .map((line, at) => `BT /F1 ${at === 0 ? 28 : 16} Tf 60 ${720 - at * 48} Td (${line}) Tj ET`)
    .join('\n');
  const content = `${text}\n0.04 0.42 0.42 rg 60 ${360 - last * 12} ${160 + last * 60} 90 re f\n`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}endstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = out.length;
    out += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  out += offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  out += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
