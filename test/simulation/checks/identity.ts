/** I18: one identity. No two live engines are one device, and a generation never goes down. */
import type { Greeting } from './wire-log.ts';

/** `greetings`: engine starts in the order in which the server accepted them. */
export function identityFaults(greetings: readonly Greeting[]): string[] {
  const newest = new Map<string, Greeting>();
  return greetings.flatMap((greeting) => {
    const before = newest.get(greeting.device);
    newest.set(greeting.device, greeting);
    if (before === undefined) return [];
    const who = `I18 ${greeting.device}`;
    if (greeting.instance !== before.instance) return [`${who} was accepted as two installations`];
    if (greeting.generation < before.generation)
      return [`${who} was accepted in generation ${greeting.generation} after ${before.generation}`];
    return greeting.generation === before.generation && greeting.start !== before.start
      ? [`${who} was accepted twice in generation ${greeting.generation}, from two starts`]
      : [];
  });
}
