/** Sections of switches: each holds at once. */
import { Card } from '../../design/card.tsx';
import { Select, Switch } from '../../design/fields.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './settings.module.css';
import { useAppSettings } from './use-app-settings.ts';
import { words } from './words.ts';

export function PowerSection() {
  const w = useWords(words);
  const [settings, change] = useAppSettings();
  return (
    <Card title={w.power} lead={w.powerLead}>
      <div className={classes['stack']}>
        <Switch
          label={w.metered}
          hint={w.meteredHint}
          checked={settings.pauseOnMetered}
          onChange={(pauseOnMetered) => change({ pauseOnMetered })}
        />
        <Switch
          label={w.battery}
          hint={w.batteryHint}
          checked={settings.pauseOnBattery}
          onChange={(pauseOnBattery) => change({ pauseOnBattery })}
        />
      </div>
    </Card>
  );
}

export function NotificationsSection() {
  const w = useWords(words);
  const [{ notify }, change] = useAppSettings();
  const about = (cause: keyof typeof notify, label: string, hint: string) => (
    <Switch
      key={cause}
      label={label}
      hint={hint}
      checked={notify[cause]}
      onChange={(wanted) => change({ notify: { ...notify, [cause]: wanted } })}
    />
  );
  return (
    <Card title={w.notifications} lead={w.notifyLead}>
      <div className={classes['stack']}>
        {about('conflicts', w.notifyConflicts, w.notifyConflictsHint)}
        {about('review', w.notifyReview, w.notifyReviewHint)}
        {about('problems', w.notifyProblems, w.notifyProblemsHint)}
        {about('connection', w.notifyConnection, w.notifyConnectionHint)}
        {about('finished', w.notifyFinished, w.notifyFinishedHint)}
      </div>
    </Card>
  );
}

export function GeneralSection() {
  const w = useWords(words);
  const [settings, change] = useAppSettings();
  return (
    <Card title={w.general}>
      <div className={classes['stack']}>
        <div className={classes['short']}>
          <Select
            label={w.language}
            value={settings.language}
            choices={[
              { value: 'system', label: w.asSystem },
              { value: 'en', label: 'English' },
              { value: 'de', label: 'Deutsch' },
            ]}
            onChange={(language) => change({ language })}
          />
        </div>
        <div className={classes['short']}>
          <Select
            label={w.theme}
            value={settings.theme}
            choices={[
              { value: 'system', label: w.asSystem },
              { value: 'light', label: w.light },
              { value: 'dark', label: w.dark },
            ]}
            onChange={(theme) => change({ theme })}
          />
        </div>
        <Switch
          label={w.atLogin}
          hint={w.atLoginHint}
          checked={settings.startAtLogin}
          onChange={(startAtLogin) => change({ startAtLogin })}
        />
      </div>
    </Card>
  );
}
