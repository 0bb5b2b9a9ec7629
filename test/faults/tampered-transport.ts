/** A real transport to a real server, whose JSON answers can be changed on their way: a server that lies. */
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { Transport, TransportOutcome } from '../../src/engine/environment/transport.ts';

/** The parsed answer, to be changed in place or replaced. */
export type Tamper = (answer: Record<string, unknown>, path: string) => Record<string, unknown> | undefined;

type Answer = Extract<TransportOutcome, { kind: 'response' }>;

/** The real transport, every answer of which goes through `change`. */
export function changing(real: Transport, change: (answer: Answer, path: string) => Answer): Transport {
  return {
    exchange: async (request) => {
      const outcome = await real.exchange(request);
      return outcome.kind === 'response' ? change(outcome, request.path) : outcome;
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
    return changing(real, (answer, path) => ({ ...answer, body: change(path, answer.body) }));
  }
}
