import type { BundleResult } from '../../../ipc/settings.ts';

/** The report as one text: every part below its name. Pure. */
export function bundleText({ parts }: BundleResult): string {
  return parts.map(({ name, text }) => `===== ${name} =====\n${text.replace(/\n*$/, '\n')}`).join('\n');
}
