import type { ReactNode } from 'react';
import { classNames } from '../../design/class-names.ts';
import { Screen } from '../../design/screen.tsx';
import { useWords } from '../../words/language.tsx';
import { AboutSection } from './about-section.tsx';
import { AccountSection } from './account/account-section.tsx';
import { BandwidthSection } from './bandwidth/bandwidth-section.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { FoldersSection } from './folders/folders-section.tsx';
import { IgnoreSection } from './ignore/ignore-section.tsx';
import { KeepingSection } from './keeping/keeping-section.tsx';
import { MergeToolSection } from './merge-tool.tsx';
import { SecuritySection } from './security-section.tsx';
import classes from './settings.module.css';
import { GeneralSection, NotificationsSection, PowerSection } from './simple-sections.tsx';
import { words } from './words.ts';

const SECTIONS = [
  'account',
  'folders',
  'ignore',
  'keeping',
  'bandwidth',
  'power',
  'notifications',
  'general',
  'merge',
  'security',
  'diagnostics',
  'about',
] as const;
type Section = (typeof SECTIONS)[number];

export function SettingsScreen({ section }: { readonly section: string | null }) {
  const w = useWords(words);
  const here = SECTIONS.find((each) => each === section) ?? 'account';
  return (
    <Screen title={w.title}>
      <div className={classes['settings']}>
        <nav aria-label={w.sections}>
          <ul className={classes['sections']}>
            {SECTIONS.map((each) => (
              <li key={each}>
                <a
                  href={`#/settings/${each}`}
                  className={classNames(classes['section'], each === here && classes['here'])}
                  aria-current={each === here ? 'page' : undefined}
                >
                  {w[each]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className={classes['content']}>{contentOf(here)}</div>
      </div>
    </Screen>
  );
}

function contentOf(section: Section): ReactNode {
  switch (section) {
    case 'account':
      return <AccountSection />;
    case 'keeping':
      return <KeepingSection />;
    case 'folders':
      return <FoldersSection />;
    case 'ignore':
      return <IgnoreSection />;
    case 'bandwidth':
      return <BandwidthSection />;
    case 'power':
      return <PowerSection />;
    case 'notifications':
      return <NotificationsSection />;
    case 'general':
      return <GeneralSection />;
    case 'merge':
      return <MergeToolSection />;
    case 'security':
      return <SecuritySection />;
    case 'diagnostics':
      return <DiagnosticsSection />;
    case 'about':
      return <AboutSection />;
  }
}
