// What is wrong, in words, until it is right again.
export interface Health {
  set(reason: string, text: string | null): void;
  reasons(): Readonly<Record<string, string>>;
}

export function createHealth(): Health {
  const reasons = new Map<string, string>();
  return {
    set(reason, text) {
      if (text === null) reasons.delete(reason);
      else reasons.set(reason, text);
    },
    reasons: () => Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
