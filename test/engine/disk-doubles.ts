/** The real disk with something happening at exactly the wrong moment. */
import type { Disk } from '../../src/engine/environment/disk.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';

/** Replaces some calls of the real disk; each replacement is given the real one. */
export type Meddle = (real: Disk) => Partial<Disk>;

export function meddling(meddle: Meddle): { readonly environment: (env: Environment) => Environment } {
  return {
    environment: (env) => {
      const changes = meddle(env.disk);
      const disk = new Proxy(env.disk, {
        get(target, name) {
          const own = changes[name as keyof Disk];
          if (own !== undefined) return own;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return { ...env, disk };
    },
  };
}

/** A gate that work can be made to wait at. */
export class Gate {
  private open = Promise.resolve();
  private release: () => void = () => undefined;
  waiting = 0;

  shut(): void {
    this.open = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  lift(): void {
    this.release();
    this.open = Promise.resolve();
  }

  async pass(): Promise<void> {
    this.waiting += 1;
    await this.open;
    this.waiting -= 1;
  }
}
