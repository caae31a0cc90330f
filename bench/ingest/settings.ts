// What a target is told and what it tells.

export interface TargetSettings {
  readonly name: string;
  readonly database: string;
  /** Where Stripe answers. */
  readonly stripeUrl: string;
  readonly secret: string;
}

export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
  /** Facts that were handled. */
  readonly handled: number;
  /** Whether everything that was acknowledged has been worked. */
  readonly isIdle: boolean;
}
