// What a debit of an account comes to.

export interface DebitOutcome {
  /** What the bank says days later; null where it pays. */
  readonly failureCode: string | null;
  /** It takes longer than others. */
  readonly isDelayed: boolean;
  readonly isDisputed: boolean;
  /** The bank never answers. */
  readonly isSilent: boolean;
}
