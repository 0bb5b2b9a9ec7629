/** Certificates of a server that has one of its own: chosen, shown, and only then trusted. Pure. */
import type { CertificateShown, CertificatesChosen } from '../../../ipc/window.ts';

export interface Certificates {
  readonly chosen: {
    readonly file: string;
    readonly id: string;
    readonly shown: readonly CertificateShown[];
    readonly isTrusted: boolean;
  } | null;
  /** The last file that was chosen was of no use; what was chosen before stays. */
  readonly fault: { readonly kind: 'unreadable' | 'no-certificate'; readonly file: string } | null;
}

export const NO_CERTIFICATES: Certificates = { chosen: null, fault: null };

/** Other certificates are never trusted because those before them were. */
export function afterChoice(before: Certificates, choice: CertificatesChosen): Certificates {
  switch (choice.kind) {
    case 'nothing':
      return before;
    case 'unreadable':
    case 'no-certificate':
      return { ...before, fault: { kind: choice.kind, file: choice.file } };
    case 'certificates': {
      const { file, id, shown } = choice;
      return { chosen: { file, id, shown, isTrusted: trustedId(before) === id }, fault: null };
    }
  }
}

export function withTrust(before: Certificates, isTrusted: boolean): Certificates {
  return { ...before, chosen: before.chosen === null ? null : { ...before.chosen, isTrusted } };
}

/** What is sent along; null where nothing is trusted. */
export function trustedId({ chosen }: Certificates): string | null {
  return chosen?.isTrusted === true ? chosen.id : null;
}
