// Whose objects the database knows: those of one account, in one mode. With another account's key every stored id would
// be gone, and what other people bought under the same ids would be ours. So the account is stored when it is first
// seen, and compared before anything is begun (decision 35).
import { minuteMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";
import type { Kernel } from "./contract/context.ts";
import { ensureSetting } from "./store/instance.ts";

/** While Stripe does not say, everybody goes on, and it is asked again this often. */
const askAgainMs = minuteMs;

/** Throws `account_mismatch`; what Stripe does not answer is asked again later. */
export type CheckAccount = () => Promise<void>;

export function createAccountCheck(kernel: Kernel): CheckAccount {
  let asking: Promise<boolean> | undefined;
  let askedMs: number | undefined;
  let refusal: Problem | undefined;
  let isSame = false;
  return async () => {
    if (isSame) return;
    if (refusal) throw refusal;
    const nowMs = kernel.ports.clock.monotonicMs();
    if (asking === undefined && askedMs !== undefined && nowMs - askedMs < askAgainMs) return;
    askedMs = nowMs;
    try {
      asking ??= compare(kernel);
      isSame = await asking;
    } catch (error) {
      if (isMismatch(error)) refusal = error;
      throw error;
    } finally {
      asking = undefined;
    }
  };
}

function isMismatch(error: unknown): error is Problem {
  return (error as { code?: unknown } | null)?.code === "account_mismatch";
}

/** False when nobody could say. */
async function compare(kernel: Kernel): Promise<boolean> {
  const answer = await kernel.gateway.send(
    { method: "GET", path: "/v1/account" },
    { priority: "command", isProbe: true },
  );
  if (answer.kind !== "answer") return false;
  const id = accountIn(answer.status, answer.body);
  if (id === null) return answer.status === 403 ? compareObject(kernel) : false;
  const stored = await kernel.sql.write("account", (tx) => ensureSetting(tx, "account", id));
  if (stored === id) return true;
  throw mismatch(`The database belongs to the account ${stored}, and the key to ${id}`);
}

/** A restricted key may not read its account, and Stripe's refusal names it. Null when nothing is said of one. */
export function accountIn(status: number, body: Readonly<Record<string, unknown>>): string | null {
  if (status === 200) return typeof body.id === "string" ? body.id : null;
  if (status !== 403) return null;
  const { message } = (body.error ?? {}) as { message?: unknown };
  return /\bacct_\w+/.exec(String(message ?? ""))?.[0] ?? null;
}

/** What the account holds is what we stored, or it is another one. */
async function compareObject(kernel: Kernel): Promise<boolean> {
  const known = await kernel.sql.read("account.object", (reader) =>
    reader
      .selectFrom("mirror")
      .select(["id", "kind"])
      .where("tombstone", "=", 0)
      .orderBy("updated_at", "desc")
      .limit(1)
      .executeTakeFirst(),
  );
  const path = known && kernel.registry.kind(known.kind)?.path(known.id);
  if (!path) return false;
  const answer = await kernel.gateway.send({ method: "GET", path }, { priority: "command", isProbe: true });
  if (answer.kind !== "answer") return false;
  if (answer.status === 404) throw mismatch(`The account of the key has no ${known.kind} ${known.id}`);
  return answer.status === 200;
}

function mismatch(message: string): Problem {
  return problem("account_mismatch", message, {
    hint:
      "Give the key of the account this database was used with, or another database. If this is a copy for another " +
      'account, say so: `adoptDatabase({ as: "copy" })`.',
  });
}
