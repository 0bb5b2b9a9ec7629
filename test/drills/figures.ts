/** What the metrics of a server say at one moment. */
import assert from 'node:assert/strict';

const LINE = /^(tidemark_\w+(?:\{[^}]*\})?) ([\d.e+-]+)$/;

export class Figures {
  readonly #values: ReadonlyMap<string, number>;

  private constructor(values: ReadonlyMap<string, number>) {
    this.#values = values;
  }

  static async of(url: string): Promise<Figures> {
    const answer = await fetch(`${url}/metrics`);
    assert.equal(answer.status, 200, 'the metrics are told on this computer');
    return Figures.parse(await answer.text());
  }

  static parse(text: string): Figures {
    const known = text.split('\n').flatMap((line): readonly [string, number][] => {
      const [, name, value] = LINE.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(value)]];
    });
    return new Figures(new Map(known));
  }

  /** Without labels: the sum over all of them. What was never counted is 0; a figure that no server has fails. */
  get(figure: string): number {
    if (figure.includes('{')) return this.#values.get(figure) ?? 0;
    let sum = 0;
    for (const [name, value] of this.#values) if (name.split('{')[0] === figure) sum += value;
    return sum;
  }
}
