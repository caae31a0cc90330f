// Billing as its callers see it from outside the process: a call that waits lets time pass, and a call whose process
// died is repeated on the next one, as a client repeats after a broken connection. Every command is safe to repeat.
import assert from "node:assert/strict";
import type { VirtualClock } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { Billing } from "../billing/index.ts";

interface Alive {
  readonly billing: Billing;
  readonly death: Promise<void>;
}

interface DrivenOptions {
  readonly clock: VirtualClock;
  /** The living billing, booted first when the last one died. */
  alive(): Promise<Alive>;
}

type Method = (...args: unknown[]) => unknown;

export function driven({ clock, alive }: DrivenOptions): Billing {
  const call = async (names: readonly string[], args: readonly unknown[]): Promise<unknown> => {
    for (let tries = 0; tries < repeatsMax; tries++) {
      const { billing, death } = await alive();
      const answer = Promise.resolve(methodOf(billing, names)(...args));
      const first = await untilSettled(
        clock,
        Promise.race([answer.then((value) => ({ value })), death.then(() => undefined)]),
      );
      if (first) return first.value;
    }
    throw problem("unavailable", `billing died ${repeatsMax} times during ${names.join(".")}`);
  };
  const door = (names: readonly string[]): unknown =>
    new Proxy(() => {}, {
      // `then` must be absent, or an `await` would take the door for a promise.
      get: (_, name) => (typeof name === "string" && name !== "then" ? door([...names, name]) : undefined),
      apply: (_, __, args: unknown[]) => call(names, args),
    });
  return door([]) as Billing;
}

const repeatsMax = 5;

function methodOf(billing: Billing, names: readonly string[]): Method {
  let owner: unknown;
  let found: unknown = billing;
  for (const name of names) {
    owner = found;
    found = (found as Record<string, unknown>)[name];
  }
  return (...args) => (found as Method).apply(owner, args);
}

const stepsMax = 5_000; // a call that waits longer than so many wake-ups waits for something that will not come

/** Lets time pass, sleeper by sleeper, until `work` settles. */
export async function untilSettled<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  work.then(settle, settle);
  await clock.advance(0);
  for (let step = 0; !isSettled && step < stepsMax; step++) {
    const next = clock.nextAt();
    await clock.advance(next === undefined ? 0 : Math.max(0, next - clock.now()));
  }
  assert(isSettled, `no answer after ${stepsMax} wake-ups of the clock; what is it waiting for?`);
  return work;
}
