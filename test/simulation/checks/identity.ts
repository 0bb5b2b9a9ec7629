/** I18: one identity. No two live engines are one device, and a generation never goes down. */
import type { Greeting } from './wire-log.ts';

/** `greetings`: engine starts that the server accepted. One that was asked before another was decided may come before it. */
export function identityFaults(greetings: readonly Greeting[]): string[] {
  return greetings.flatMap((greeting) => {
    const before = greetings.filter(
      ({ device, era, decided }) =>
        device === greeting.device && era === greeting.era && decided < greeting.asked,
    );
    const faults = before.flatMap((each) => faultOf(each, greeting));
    return faults.slice(0, 1);
  });
}

function faultOf(before: Greeting, now: Greeting): string[] {
  const who = `I18 ${now.device}`;
  if (now.instance !== before.instance) return [`${who} was accepted as two installations`];
  if (now.generation < before.generation)
    return [`${who} was accepted in generation ${now.generation} after ${before.generation}`];
  return now.generation === before.generation && now.start !== before.start
    ? [`${who} was accepted twice in generation ${now.generation}, from two starts`]
    : [];
}
