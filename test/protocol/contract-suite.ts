/** What any server of this protocol must do, told by its address and two users of it. */

import { accountContract } from './contract-accounts.ts';
import { chunkContract } from './contract-chunks.ts';
import { claimContract } from './contract-claims.ts';
import { requestContract } from './contract-requests.ts';
import { secrecyContract } from './contract-secrecy.ts';
import { type Credentials, linkDevice, type WireDevice } from './wire-device.ts';
import { Wire } from './wire-http.ts';

export interface Target {
  readonly url: string;
  readonly user: Credentials;
  readonly other: Credentials;
}

export class Contract {
  readonly target: Target;
  readonly wire: Wire;

  constructor(target: Target) {
    this.target = target;
    this.wire = new Wire(target.url);
  }

  device(name = 'device'): Promise<WireDevice> {
    return linkDevice(this.wire, this.target.user, name);
  }

  stranger(name = 'stranger'): Promise<WireDevice> {
    return linkDevice(this.wire, this.target.other, name);
  }
}

/** `contract` is called inside tests only, so that the server may be started before the first. */
export function contractSuite(contract: () => Contract): void {
  requestContract(contract);
  accountContract(contract);
  claimContract(contract);
  chunkContract(contract);
  secrecyContract(contract);
}
