/** Brings the token from the keychain to the engine, and waits as long as the keychain is closed. Never signs out. */
import type { Keychain } from './keychain.ts';
import { isKeyringLocked } from './session-bus.ts';

export interface TokenWatchOptions {
  readonly keychain: Keychain;
  /** Null: the engine is not there just now. */
  readonly give: (token: string) => Promise<boolean | null>;
  readonly onLocked: () => void;
  readonly onOpen: () => void;
  /** The keyring was opened after Electron had been told "no": only a new start of the app sees that. */
  readonly startAgain: () => void;
  readonly pauseMs?: number;
}

/** A keyring that opens at login is open within this time: nobody has to be asked. */
const PATIENCE = 4;

export interface TokenWatch {
  /** An engine is there and may need it. */
  engineIsUp(): void;
  /** A link just made gave this one: the engine that starts now gets it. */
  stop(): void;
}

export function watchToken(options: TokenWatchOptions): TokenWatch {
  const { keychain, give, onLocked, onOpen, startAgain, pauseMs = 2500 } = options;
  let timer: NodeJS.Timeout | null = null;
  let waits = 0;
  let hasAsked = false;

  const again = (): void => {
    timer = setTimeout(() => void look(), pauseMs);
  };

  const look = async (): Promise<void> => {
    timer = null;
    const mayAsk = !hasAsked && waits >= PATIENCE;
    const stored = await keychain.read(mayAsk);
    if (stored.kind === 'token') {
      if (waits > 0) onOpen();
      waits = 0;
      await give(stored.token);
    } else if (stored.kind === 'locked') {
      if (mayAsk) hasAsked = true;
      else if (hasAsked && (await isKeyringLocked()) === false) startAgain();
      waits += 1;
      onLocked();
      again();
    }
  };

  return {
    engineIsUp: () => {
      if (timer === null) void look();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
