/** The server cannot start as asked. The message is the one sentence the operator reads. */
export class StartRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartRefused';
  }
}
