/** What wraps the tenants' keys: a master key at hand, or a service that has it (a KMS). */
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
const FORM = /^(?:tidemark-master-key-1 )?([0-9a-f]{64})\r?\n?$/;

export interface KeyWrapper {
  /** Names the key without telling anything about it. */
  readonly id: string;
  /** Bound to the label: what was wrapped for another one does not open. */
  wrap(secret: Uint8Array, label: string): Promise<Uint8Array>;
  /** `null`: wrapped by another key, for another label, or damaged. */
  unwrap(wrapped: Uint8Array, label: string): Promise<Uint8Array | null>;
}

/** A new master key, as it stands in a file. */
export function drawMasterKey(): string {
  return `tidemark-master-key-1 ${randomBytes(32).toString('hex')}\n`;
}

/** `null`: the text is no master key. */
export function masterKeyOf(text: string): KeyWrapper | null {
  const hex = FORM.exec(text)?.[1];
  return hex === undefined ? null : wrapperFor(Buffer.from(hex, 'hex'));
}

/** AES-256-GCM; what is wrapped is nonce | tag | ciphertext. */
function wrapperFor(bytes: Buffer): KeyWrapper {
  const key = createSecretKey(bytes);
  const id = createHash('sha256').update('tidemark master id').update(bytes).digest('hex').slice(0, 16);
  const bind = (label: string) => Buffer.from(`tidemark key ${label}`);
  return {
    id,
    wrap: async (secret, label) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(bind(label));
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    unwrap: async (wrapped, label) => {
      if (wrapped.length < NONCE + TAG) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE));
      decipher.setAAD(bind(label));
      decipher.setAuthTag(wrapped.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(wrapped.subarray(NONCE + TAG)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}
