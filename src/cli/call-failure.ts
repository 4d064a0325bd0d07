/** An API or a model that was reached, and failed. It says what happened, and what may help. */
export class CallFailure extends Error {
  override name = "CallFailure";
  readonly fix: string;

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}
