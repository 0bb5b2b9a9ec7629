import { useCommand } from '../../bridge/use-engine.ts';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { words } from './words.ts';

export type Restored = { readonly id: string } | { readonly batch: string };

/** Brings back one thing or a whole batch, and says where it is. */
export function useRestore(): {
  readonly busy: boolean;
  readonly restore: (what: Restored) => Promise<void>;
} {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('trash.restore');
  const restore = async (what: Restored) => {
    const reply = await run(what);
    if (reply.kind !== 'ok') complain(text(reply));
    else if ('id' in what) say(w.back(inSentence(reply.value.path)));
    else say(w.allBack(formats.count(reply.value.restored), reply.value.restored === 1));
  };
  return { busy, restore };
}
