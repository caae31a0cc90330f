// First in, first out, with at most `width` jobs at work.

export type Queue = <T>(job: () => Promise<T>) => Promise<T>;

export function createQueue(width: number): Queue {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async (job) => {
    // Whoever finishes hands its place on, so that nobody who comes later slips in between.
    if (working === width) await new Promise<void>((resolve) => waiting.push(resolve));
    else working++;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working--;
    }
  };
}
