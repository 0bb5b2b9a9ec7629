/** Pausing for a time, and going on. */
import { Pause, Play } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { EngineReply } from '../../ipc/window.ts';
import { noteStatus, useStatus } from '../bridge/live-state.ts';
import { useCommand } from '../bridge/use-engine.ts';
import { Button } from '../design/button.tsx';
import { Menu } from '../design/menu.tsx';
import { useReplyText } from '../design/message.tsx';
import { useToasts } from '../design/toasts.tsx';
import { catalogue, useWords } from '../words/language.tsx';
import { PAUSE_CHOICES, type PauseChoice, pausedUntil } from './pause-choice.ts';

const words = catalogue({
  en: {
    pause: 'Pause',
    resume: 'Resume',
    'half-hour': 'For 30 minutes',
    'two-hours': 'For 2 hours',
    tomorrow: 'Until tomorrow, 8 a.m.',
    untilResume: 'Until I resume',
  },
  de: {
    pause: 'Pausieren',
    resume: 'Fortsetzen',
    'half-hour': 'Für 30 Minuten',
    'two-hours': 'Für 2 Stunden',
    tomorrow: 'Bis morgen, 8 Uhr',
    untilResume: 'Bis ich fortsetze',
  },
});

export function PauseMenu({ size = 'normal' }: { readonly size?: 'normal' | 'small' }) {
  const w = useWords(words);
  const status = useStatus();
  const pause = useCommand('pause');
  const resume = useCommand('resume');
  const replyText = useReplyText();
  const { complain } = useToasts();
  const button = useRef<HTMLButtonElement>(null);
  const pressed = useRef(false);
  const isPaused = status?.state === 'paused' || (status !== null && status.pausedReason !== null);
  // One button takes the place of the other: the focus goes with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment of the change is what counts
  useEffect(() => {
    if (pressed.current) button.current?.focus();
    pressed.current = false;
  }, [isPaused]);
  const taken = (reply: EngineReply<'pause'>) => {
    if (reply.kind === 'ok') noteStatus(reply.value);
    else complain(replyText(reply));
  };
  const choose = async (choice: PauseChoice) => {
    pressed.current = true;
    taken(await pause.run({ until: pausedUntil(choice, Date.now()), reason: 'user' }));
  };
  if (isPaused) {
    return (
      <Button
        ref={button}
        variant="primary"
        size={size}
        icon={<Play />}
        busy={resume.busy}
        onClick={async () => {
          pressed.current = true;
          taken(await resume.run({}));
        }}
      >
        {w.resume}
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button ref={button} size={size} icon={<Pause />} busy={pause.busy} disabled={status === null}>
          {w.pause}
        </Button>
      }
      entries={PAUSE_CHOICES.map((choice) => ({
        id: choice,
        label: choice === 'resume' ? w.untilResume : w[choice],
        onSelect: () => void choose(choice),
      }))}
    />
  );
}
