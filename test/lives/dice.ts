// Choices out of a row of numbers, so that a life that breaks a law can be made smaller by making the numbers smaller:
// zero is the plainest choice each time.

export interface Dice {
  /** Below so many. */
  below(count: number): number;
  of<T>(list: readonly T[]): T;
  /** Zero is no. */
  isOneIn(count: number): boolean;
}

export function diceOf(numbers: readonly number[]): Dice {
  let at = 0;
  const next = () => numbers[at++ % numbers.length] ?? 0;
  const below = (count: number) => next() % count;
  return {
    below,
    of: (list) => list[below(list.length)]!, // Nobody chooses out of nothing.
    isOneIn: (count) => below(count) === count - 1,
  };
}
