/** The metrics as one object for the charts: what `/metrics` tells, without the buckets of histograms. */
const LINE = /^(tidemark_\w+(?:\{.*\})?) (\S+)$/;

export function figuresOf(metrics: string): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const line of metrics.split('\n')) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name === undefined || name.includes('_bucket{')) continue;
    const number = Number(value);
    if (Number.isFinite(number)) figures[name] = number;
  }
  return figures;
}
