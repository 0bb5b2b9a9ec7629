/** A real transport to a real server, whose JSON answers can be changed on their way: a server that lies. */
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Transport } from '../../src/engine/environment/transport.ts';

/** The parsed answer, to be changed in place or replaced. */
export type Tamper = (answer: Record<string, unknown>, path: string) => Record<string, unknown> | undefined;

export class Liar {
  private tamper: Tamper | null = null;
  /** How many answers were changed. */
  lies = 0;

  lie(tamper: Tamper): void {
    this.tamper = tamper;
  }

  readonly environment = (env: Environment): Environment => ({
    ...env,
    transport: this.between(env.transport),
  });

  private between(real: Transport): Transport {
    const change = (path: string, body: Uint8Array): Uint8Array => {
      if (!this.tamper) return body;
      let parsed: Record<string, unknown>;
      try {
        parsed = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>;
      } catch {
        return body;
      }
      const changed = this.tamper(parsed, path);
      if (!changed) return body;
      this.lies += 1;
      return Buffer.from(JSON.stringify(changed));
    };
    return {
      exchange: async (request) => {
        const outcome = await real.exchange(request);
        if (outcome.kind !== 'response') return outcome;
        return { ...outcome, body: change(request.path, outcome.body) };
      },
      get bytesSent() {
        return real.bytesSent;
      },
      get bytesReceived() {
        return real.bytesReceived;
      },
      close: () => real.close(),
    };
  }
}
