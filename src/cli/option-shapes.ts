/** What options look like: needed, possible, or a switch. */
import type { OptionShape } from './verbs.ts';

export const required = (value: string, help: string): OptionShape => ({ value, required: true, help });
export const optional = (value: string, help: string): OptionShape => ({ value, required: false, help });
export const flag = (help: string): OptionShape => ({ value: null, required: false, help });

export const STATE = required('DIR', 'state folder of the device');
