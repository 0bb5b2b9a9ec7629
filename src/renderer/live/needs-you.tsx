/** What waits for the user: one card per cause, with the way to it. */
import { CircleArrowUp, GitFork, ShieldQuestion, TriangleAlert, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { ask } from '../bridge/bridge.ts';
import { useShell, useStatus } from '../bridge/live-state.ts';
import { useGo } from '../bridge/use-go.ts';
import { useOutcome } from '../bridge/use-outcome.ts';
import { Button } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { catalogue, useFormats, useWords } from '../words/language.tsx';
import { type Need, needsOf } from './needs.ts';
import classes from './needs-you.module.css';

const words = catalogue({
  en: {
    title: 'Needs you',
    conflicts: (count: string, one: boolean) => (one ? '1 conflict' : `${count} conflicts`),
    conflictsWhy: 'Both versions are kept until you choose.',
    conflictsDo: 'Compare and choose',
    review: (count: string, one: boolean) => (one ? '1 batch is held' : `${count} batches are held`),
    reviewWhy: 'It looks unusual. None of it is carried out until you say so.',
    reviewDo: 'Review',
    problems: (count: string, one: boolean) => (one ? '1 path cannot sync' : `${count} paths cannot sync`),
    problemsWhy: 'Each one comes with its reason and a remedy.',
    unseen: (count: string, one: boolean) =>
      one ? '1 path could not be looked at' : `${count} paths could not be looked at`,
    unseenWhy: 'They wait, and are never taken for deleted.',
    problemsDo: 'See the problems',
    invitations: (count: string, one: boolean) => (one ? '1 invitation' : `${count} invitations`),
    invitationsWhy: 'Nothing comes to this computer until you accept.',
    invitationsDo: 'See who invites you',
    update: (version: string) => `Tidemark ${version} is ready`,
    updateRestart: 'It is installed when Tidemark starts again. Syncing goes on by itself.',
    updateNotify: 'Install it with the updates of your system.',
    updateDo: 'Restart now',
  },
  de: {
    title: 'Braucht dich',
    conflicts: (count: string, one: boolean) => (one ? '1 Konflikt' : `${count} Konflikte`),
    conflictsWhy: 'Beide Versionen bleiben, bis du wählst.',
    conflictsDo: 'Vergleichen und wählen',
    review: (count: string, one: boolean) =>
      one ? '1 Stapel ist angehalten' : `${count} Stapel sind angehalten`,
    reviewWhy: 'Es sieht ungewöhnlich aus. Nichts davon geschieht, bis du zustimmst.',
    reviewDo: 'Prüfen',
    problems: (count: string, one: boolean) =>
      one ? '1 Pfad lässt sich nicht synchronisieren' : `${count} Pfade lassen sich nicht synchronisieren`,
    problemsWhy: 'Zu jedem gibt es den Grund und einen Ausweg.',
    unseen: (count: string, one: boolean) =>
      one ? '1 Pfad konnte nicht gelesen werden' : `${count} Pfade konnten nicht gelesen werden`,
    unseenWhy: 'Sie warten und gelten nie als gelöscht.',
    problemsDo: 'Probleme ansehen',
    invitations: (count: string, one: boolean) => (one ? '1 Einladung' : `${count} Einladungen`),
    invitationsWhy: 'Auf diesen Computer kommt erst etwas, wenn du annimmst.',
    invitationsDo: 'Ansehen, wer einlädt',
    update: (version: string) => `Tidemark ${version} ist bereit`,
    updateRestart: 'Es wird beim nächsten Start installiert. Danach geht es von selbst weiter.',
    updateNotify: 'Installiere es mit den Aktualisierungen deines Systems.',
    updateDo: 'Jetzt neu starten',
  },
});

export const useNeedsTitle = () => useWords(words).title;

export function useNeeds(): readonly Need[] {
  return needsOf(useStatus(), useShell());
}

export function NeedsYou({
  needs,
  compact = false,
}: {
  readonly needs: readonly Need[];
  readonly compact?: boolean;
}) {
  return (
    <ul className={classNames(classes['needs'], compact && classes['compact'])}>
      {needs.map((need) => (
        <li key={need.kind}>
          <NeedCard need={need} compact={compact} />
        </li>
      ))}
    </ul>
  );
}

function NeedCard({ need, compact }: { readonly need: Need; readonly compact: boolean }) {
  const w = useWords(words);
  const formats = useFormats();
  const go = useGo();
  const outcome = useOutcome();
  const size = compact ? 'small' : 'normal';
  const way = (route: string, text: string) => (
    <Button size={size} onClick={() => go(route)}>
      {text}
    </Button>
  );
  switch (need.kind) {
    case 'conflicts':
      return (
        <Shape
          tone="mine"
          icon={<GitFork />}
          title={w.conflicts(formats.count(need.count), need.count === 1)}
          why={w.conflictsWhy}
        >
          {way('/conflicts', w.conflictsDo)}
        </Shape>
      );
    case 'review':
      return (
        <Shape
          tone="mine"
          icon={<ShieldQuestion />}
          title={w.review(formats.count(need.count), need.count === 1)}
          why={w.reviewWhy}
        >
          {way('/review', w.reviewDo)}
        </Shape>
      );
    case 'problems':
    case 'unseen':
      return (
        <Shape
          tone="warn"
          icon={<TriangleAlert />}
          title={w[need.kind](formats.count(need.count), need.count === 1)}
          why={need.kind === 'problems' ? w.problemsWhy : w.unseenWhy}
        >
          {way('/problems', w.problemsDo)}
        </Shape>
      );
    case 'invitations':
      return (
        <Shape
          tone="accent"
          icon={<Users />}
          title={w.invitations(formats.count(need.count), need.count === 1)}
          why={w.invitationsWhy}
        >
          {way('/shared', w.invitationsDo)}
        </Shape>
      );
    case 'update':
      return (
        <Shape
          tone="accent"
          icon={<CircleArrowUp />}
          title={w.update(need.update.version)}
          why={need.update.how === 'restart' ? w.updateRestart : w.updateNotify}
        >
          {need.update.how === 'restart' && (
            <Button size={size} onClick={() => void outcome(ask('update.install', {}))}>
              {w.updateDo}
            </Button>
          )}
        </Shape>
      );
  }
}

function Shape(props: {
  readonly tone: 'warn' | 'mine' | 'accent';
  readonly icon: ReactNode;
  readonly title: string;
  readonly why: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={classNames(classes['need'], classes[props.tone])}>
      <span className={classes['icon']} aria-hidden="true">
        {props.icon}
      </span>
      <div className={classes['text']}>
        <h3>{props.title}</h3>
        <p>{props.why}</p>
      </div>
      <div className={classes['actions']}>{props.children}</div>
    </div>
  );
}
