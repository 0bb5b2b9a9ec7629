/** What is said while a version that somebody waits for comes back from the server's cold storage. Main asks again itself. */
import { useEffect, useState } from 'react';
import type { Refused } from '../../ipc/contract.ts';
import { thawPauseMs } from '../../ipc/thawing.ts';
import { engine } from '../bridge/bridge.ts';
import { useReplyText } from '../design/message.tsx';
import type { VersionChosen } from './read-version.ts';

/** What comes sooner needs no word. */
const SOON_MS = 700;

/** Null: nothing is waited for, or it is not for that. */
export function useThawSentence({ node, version }: VersionChosen, isWaiting: boolean): string | null {
  const textOf = useReplyText();
  const [said, setSaid] = useState<Refused | null>(null);
  useEffect(() => {
    if (!isWaiting) return;
    let isOver = false;
    const look = async () => {
      const reply = await engine('cat', { node, version, length: 1 });
      if (isOver) return;
      const pause = reply.kind === 'refused' ? thawPauseMs(reply) : null;
      setSaid(reply.kind === 'refused' && pause !== null ? reply : null);
      if (pause !== null) timer = window.setTimeout(() => void look(), pause);
    };
    let timer = window.setTimeout(() => void look(), SOON_MS);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
      setSaid(null);
    };
  }, [node, version, isWaiting]);
  return isWaiting && said !== null ? textOf(said) : null;
}
