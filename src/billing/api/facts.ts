// Facts: what happened, in our words.

/** Written once each, from a state transition. Each room merges its own in, in its facts.table.ts. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface Facts {}
export type FactType = keyof Facts;

export interface Fact<T extends FactType = FactType> {
  /** Stable: the same fact is handed over with the same id, however often. */
  readonly id: string;
  readonly type: T;
  readonly occurredAt: Date;
  readonly data: Facts[T];
}
