/** What a new password has to be. Said by the server, and by whoever asks for one before it is sent. Pure. */
import { LIMITS } from './limits.ts';

/** Characters. */
export const PASSWORD_LEAST = 10;

/** What is wrong with it, to be read after "That password cannot be used:"; null: nothing. */
export function passwordFault(user: string, password: string): string | null {
  const typed = password.normalize('NFC');
  if ([...typed].length < PASSWORD_LEAST) return `it has fewer than ${PASSWORD_LEAST} characters`;
  if (new TextEncoder().encode(typed).length > LIMITS.passwordBytes)
    return `it has more than ${LIMITS.passwordBytes} bytes`;
  const plain = (text: string) => text.normalize('NFC').trim().toLowerCase();
  return plain(typed) === plain(user) ? 'it is the user name' : null;
}
