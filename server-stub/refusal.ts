/** What the operator asked for cannot be done. The message is the one sentence they read. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
