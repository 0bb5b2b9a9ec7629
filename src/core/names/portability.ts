/**
 * Which legal names some platform's disks cannot hold, or show otherwise. Such names are synced, never renamed; where
 * they cannot stand they are held with one of these sentences. The rules are data: one record per platform.
 */
import { foldKey, nfcKey } from './fold.ts';
import { utf8Length } from './utf8-length.ts';
import { quoted } from './valid-name.ts';

export type Platform = 'linux' | 'macos' | 'windows';

export type NameTroubleKind =
  | 'character'
  | 'control'
  | 'ending'
  | 'device'
  | 'too-long'
  | 'shown-differently';

export interface NameTrouble {
  readonly kind: NameTroubleKind;
  readonly platform: Platform;
  /** False: the disk holds the name, but people will see another one. */
  readonly impossible: boolean;
  readonly sentence: string;
}

interface PlatformRules {
  readonly title: string;
  readonly illegal: string;
  /** Control characters U+0001 to U+001F are illegal. */
  readonly controls: boolean;
  /** Characters a name cannot end with. */
  readonly endings: string;
  /** Names of devices, folded, whatever extension follows. */
  readonly devices: readonly string[];
  /** Characters that the platform's own programs show as another. */
  readonly shownAs: Readonly<Record<string, string>>;
  readonly longest: { readonly count: number; readonly unit: 'bytes' | 'characters' };
  /** Disks usually take names for the same when they differ in case or normal form only. */
  readonly folds: boolean;
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³'];

export const PLATFORM_RULES: Readonly<Record<Platform, PlatformRules>> = {
  linux: {
    title: 'Linux',
    illegal: '',
    controls: false,
    endings: '',
    devices: [],
    shownAs: {},
    longest: { count: 255, unit: 'bytes' },
    folds: false,
  },
  macos: {
    title: 'macOS',
    illegal: '',
    controls: false,
    endings: '',
    devices: [],
    shownAs: { ':': '/' },
    longest: { count: 255, unit: 'bytes' },
    folds: true,
  },
  windows: {
    title: 'Windows',
    illegal: '<>:"/\\|?*',
    controls: true,
    endings: '. ',
    devices: [
      ...['con', 'prn', 'aux', 'nul', 'conin$', 'conout$'],
      ...DIGITS.flatMap((digit) => [`com${digit}`, `lpt${digit}`]),
    ],
    shownAs: {},
    longest: { count: 255, unit: 'characters' },
    folds: true,
  },
};

/** Everything about a legal name that its users should know about one platform; empty when all is well. */
export function nameTroubles(name: string, platform: Platform): readonly NameTrouble[] {
  const rules = PLATFORM_RULES[platform];
  const troubles: NameTrouble[] = [];
  const cannot = (kind: NameTroubleKind, reason: string): void => {
    const sentence = `${rules.title} cannot hold the name ${quoted(name)}: ${reason}.`;
    troubles.push({ kind, platform, impossible: true, sentence });
  };
  const characters = [...name];
  const illegal = characters.findIndex((character) => rules.illegal.includes(character));
  if (illegal >= 0) cannot('character', `"${characters[illegal]}" (character ${illegal + 1}) is not allowed`);
  const control = rules.controls ? characters.findIndex((character) => character < ' ') : -1;
  if (control >= 0) cannot('control', `character ${control + 1} is a control character`);
  const last = name.slice(-1);
  if (last !== '' && rules.endings.includes(last)) {
    cannot('ending', `it ends with a ${last === ' ' ? 'space' : 'dot'}`);
  }
  const device = foldKey(name.split('.', 1)[0] ?? '').replace(/ +$/, '');
  if (rules.devices.includes(device)) cannot('device', `"${name.slice(0, device.length)}" is a device there`);
  const { count, unit } = rules.longest;
  const length = unit === 'bytes' ? utf8Length(name) : name.length;
  if (length > count) cannot('too-long', `it has ${length} ${unit}, ${count} are possible`);
  for (const [character, shown] of Object.entries(rules.shownAs)) {
    if (!name.includes(character)) continue;
    const sentence = `${rules.title} shows "${character}" in the name ${quoted(name)} as "${shown}".`;
    troubles.push({ kind: 'shown-differently', platform, impossible: false, sentence });
  }
  return troubles;
}

/** Names with the same key cannot stand in one folder of that platform's usual disks. */
export function twinKey(name: string, platform: Platform): string {
  return PLATFORM_RULES[platform].folds ? foldKey(name) : nfcKey(name);
}
