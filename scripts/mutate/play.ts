// Playing one test, under a mutant or under none.
import { type Collected, contextOf } from "./node_test.ts";
import { type Run, within } from "./switch.ts";

/** How often it is looked whether anything can still happen. */
const lookMs = 50;
const idleLooksMax = 4;

export interface Ended {
  readonly run: Run;
  /** The first line of what went wrong, or null. */
  readonly failure: string | null;
}

export async function play(test: Collected, given: Pick<Run, "planted" | "asksMax">): Promise<Ended> {
  const { t, end } = contextOf(test.name);
  const fault = Promise.withResolvers<never>();
  fault.promise.catch(() => {}); // it may come when the test has ended
  const run: Run = { ...given, reached: new Map(), asks: 0, fail: fault.reject };
  const watch = watchIdle(() => fault.reject(new Error("It waits for what does not come")));
  try {
    await within(run, () => Promise.race([test.work(t), fault.promise]));
    return { run, failure: null };
  } catch (error) {
    const [said] = String(error instanceof Error ? error.message : error).split("\n");
    return { run, failure: said || "It failed" };
  } finally {
    watch.stop();
    await within(run, end).catch(() => {}); // what a broken test cannot put away
  }
}

/** A promise that nothing can settle any more: no timer and no I/O is left but what was there before the test. */
function watchIdle(tell: () => void): { stop: () => void } {
  const before = resources();
  let idleLooks = 0;
  const look = () => {
    // One timer more is the one that looks.
    const spare = (type: string) => (before.get(type) ?? 0) + (type === "Timeout" ? 1 : 0);
    const isIdle = [...resources()].every(([type, count]) => count <= spare(type));
    idleLooks = isIdle ? idleLooks + 1 : 0;
    if (idleLooks === idleLooksMax) tell();
  };
  const timer = setInterval(look, lookMs);
  return { stop: () => clearInterval(timer) };
}

function resources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
