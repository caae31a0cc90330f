// The marks we leave on everything we make at Stripe: whose it is, which operation made it, and the host's own id.
// They make an object ours before our own transaction has ended: webhooks overtake it.
import type { OperationView } from "../kernel/contract/verb.ts";

export function marks(
  operation: Pick<OperationView, "id" | "instance">,
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...names, bursar_instance: operation.instance, bursar_op: operation.id };
}

export interface Marks {
  readonly instance: string | null;
  readonly operation: string | null;
}

export function marksOf(remote: Readonly<Record<string, unknown>>): Marks {
  return { instance: mark(remote, "bursar_instance"), operation: mark(remote, "bursar_op") };
}

/** One metadata value, or null. */
export function mark(remote: Readonly<Record<string, unknown>>, name: string): string | null {
  const metadata = remote.metadata as Record<string, unknown> | null | undefined;
  const value = metadata?.[name];
  return typeof value === "string" && value !== "" ? value : null;
}
