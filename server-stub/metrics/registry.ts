/** Counters, gauges and histograms in Prometheus' text format, as far as this server needs it. */

type Labels = Readonly<Record<string, string>>;

function keyOf(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** Only ever grows; begins at nothing with every start of the server. */
export class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels, by = 1): void {
    const key = keyOf(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  text(): string {
    const lines = [...this.#values].map(([key, value]) => `${this.#name}${key} ${value}\n`);
    return head(this.#name, this.#help, 'counter') + lines.join('');
  }
}

/** Values as they are at one moment. */
export function gauge(
  name: string,
  help: string,
  values: readonly { readonly labels?: Labels; readonly value: number }[],
): string {
  const lines = values.map(({ labels = {}, value }) => `${name}${keyOf(labels)} ${value}\n`);
  return head(name, help, 'gauge') + lines.join('');
}

interface Series {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  count: number;
}

export class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  observe(labels: Labels, value: number): void {
    const key = keyOf(labels);
    const series = this.#series.get(key) ?? { labels, counts: this.#bounds.map(() => 0), sum: 0, count: 0 };
    this.#series.set(key, series);
    series.sum += value;
    series.count += 1;
    this.#bounds.forEach((bound, i) => {
      if (value <= bound) series.counts[i] = (series.counts[i] ?? 0) + 1;
    });
  }

  text(): string {
    let text = head(this.#name, this.#help, 'histogram');
    for (const { labels, counts, sum, count } of this.#series.values()) {
      this.#bounds.forEach((bound, i) => {
        text += `${this.#name}_bucket${keyOf({ ...labels, le: String(bound) })} ${counts[i] ?? 0}\n`;
      });
      text += `${this.#name}_bucket${keyOf({ ...labels, le: '+Inf' })} ${count}\n`;
      text += `${this.#name}_sum${keyOf(labels)} ${sum}\n${this.#name}_count${keyOf(labels)} ${count}\n`;
    }
    return text;
  }
}
