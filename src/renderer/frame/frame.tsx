/** The main window: how things stand and where to go on the left, the screen on the right. */
import {
  Activity,
  FileClock,
  FileQuestion,
  GitFork,
  LayoutDashboard,
  MonitorSmartphone,
  Settings,
  ShieldQuestion,
  Trash2,
  TriangleAlert,
  Users,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useLive, useStatus } from '../bridge/live-state.ts';
import { useRoute } from '../bridge/router.ts';
import { CountBadge } from '../design/badge.tsx';
import { classNames } from '../design/class-names.ts';
import { invitationsOf } from '../live/needs.ts';
import { catalogue, useWords } from '../words/language.tsx';
import { EngineNotice } from './engine-notice.tsx';
import classes from './frame.module.css';
import { useKeptFocus } from './keep-focus.ts';
import { StatusHeadline } from './status-headline.tsx';

const words = catalogue({
  en: {
    nav: 'Tidemark',
    skip: 'Skip to content',
    overview: 'Overview',
    activity: 'Activity',
    conflicts: 'Conflicts',
    review: 'Review',
    problems: 'Problems',
    history: 'History',
    trash: 'Trash',
    explain: 'Why?',
    shared: 'Shared',
    devices: 'Devices',
    settings: 'Settings',
    waiting: 'waiting',
  },
  de: {
    nav: 'Tidemark',
    skip: 'Zum Inhalt',
    overview: 'Übersicht',
    activity: 'Aktivität',
    conflicts: 'Konflikte',
    review: 'Prüfen',
    problems: 'Probleme',
    history: 'Verlauf',
    trash: 'Papierkorb',
    explain: 'Warum?',
    shared: 'Geteilt',
    devices: 'Geräte',
    settings: 'Einstellungen',
    waiting: 'offen',
  },
});

export function Frame({ children }: { readonly children: ReactNode }) {
  useKeptFocus();
  const w = useWords(words);
  const status = useStatus();
  const phase = useLive((live) => live.shell?.phase);
  const here = useRoute().parts[0] ?? '';
  const entry = (route: string, name: string, icon: ReactNode, count = 0) => (
    <li key={route}>
      <a
        href={`#/${route}`}
        className={classNames(classes['entry'], here === route && classes['here'])}
        aria-current={here === route ? 'page' : undefined}
      >
        {icon}
        <span className={classes['name']}>{name}</span>
        <span className={classes['count']}>
          <CountBadge count={count} />
          {count > 0 && <span className="visually-hidden"> {w.waiting}</span>}
        </span>
      </a>
    </li>
  );
  return (
    <div className={classes['frame']}>
      <button type="button" className={classes['skip']} onClick={skipToContent}>
        {w.skip}
      </button>
      <nav className={classes['nav']} aria-label={w.nav}>
        <StatusHeadline />
        <ul>
          {entry('', w.overview, <LayoutDashboard />)}
          {entry('activity', w.activity, <Activity />)}
          {entry('shared', w.shared, <Users />, invitationsOf(status))}
        </ul>
        <ul>
          {entry('conflicts', w.conflicts, <GitFork />, status?.conflicts)}
          {entry('review', w.review, <ShieldQuestion />, status?.review)}
          {entry('problems', w.problems, <TriangleAlert />, status?.problems)}
        </ul>
        <ul>
          {entry('history', w.history, <FileClock />)}
          {entry('trash', w.trash, <Trash2 />)}
          {entry('explain', w.explain, <FileQuestion />)}
        </ul>
        <ul className={classes['last']}>
          {entry('devices', w.devices, <MonitorSmartphone />)}
          {entry('settings', w.settings, <Settings />)}
        </ul>
      </nav>
      <div className={classes['content']}>
        {phase !== 'running' && <EngineNotice />}
        {children}
      </div>
    </div>
  );
}

/** The address is the router's: jumping must not change it. */
function skipToContent(): void {
  document.getElementById('content')?.focus();
}
