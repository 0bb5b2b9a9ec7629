import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import classes from './tabs.module.css';

export interface Tab<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
}

/** The panel of the chosen tab is `children`. */
export function Tabs<V extends string>({
  label,
  value,
  tabs,
  onChange,
  children,
}: {
  readonly label: string;
  readonly value: V;
  readonly tabs: readonly Tab<V>[];
  readonly onChange: (value: V) => void;
  readonly children: ReactNode;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => {
        const tab = tabs.find((each) => each.value === next);
        if (tab !== undefined) onChange(tab.value);
      }}
      className={classes['root']}
    >
      <Base.List className={classes['list']} aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className={classes['tab']}>
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className={classes['panel']}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
