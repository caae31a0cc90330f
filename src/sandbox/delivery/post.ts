// One request to one endpoint: signed anew, without redirects, with an end.
import type { Clock } from "#kit/clock.ts";
import type { Fetch } from "#kit/ports.ts";
import { deliveryHeaders } from "./body.ts";
import { deliveryDefaults } from "./defaults.table.ts";
import { signatureHeader } from "./signature.ts";

const answerTimeoutMs = deliveryDefaults.answerTimeoutMs.value;

export interface Posting {
  readonly clock: Pick<Clock, "sleep">;
  /** When it is signed. */
  readonly seconds: number;
  readonly send: Fetch;
  readonly url: string;
  readonly secrets: readonly string[];
  readonly body: string;
}

/** The status, or a text that says why there is none. Never rejects. */
export async function post(sent: Posting, stop: AbortSignal): Promise<number | string> {
  const { clock, send, url, secrets, body, seconds } = sent;
  const done = new AbortController();
  const tooLate = new AbortController();
  const cancel = () => tooLate.abort();
  stop.addEventListener("abort", cancel);
  const timeout = clock.sleep(answerTimeoutMs, done.signal).then(() => {
    tooLate.abort();
    return "timed out";
  });
  const request = send(url, {
    method: "POST",
    headers: deliveryHeaders(signatureHeader({ body, secrets, seconds })),
    body,
    // A redirect is a failure: the signature was made for this address.
    redirect: "manual",
    signal: tooLate.signal,
  }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    (error: unknown) => (error instanceof Error ? `${error.name}: ${causeOf(error)}` : String(error)),
  );
  const answer = await Promise.race([request, timeout]);
  stop.removeEventListener("abort", cancel);
  done.abort(null); // Nobody reads why; without a reason an error with its stack is made each time.
  return answer;
}

function causeOf(error: Error): string {
  const cause = error.cause as { code?: unknown } | undefined; // undici puts ECONNREFUSED here.
  return typeof cause?.code === "string" ? cause.code : error.message;
}

/** Loopback, or a host that was named. */
export function mayReach(url: string, deliverTo: readonly string[]): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  if (host === "localhost" || host.endsWith(".localhost") || host === "[::1]") return true;
  return /^127\.\d+\.\d+\.\d+$/.test(host) || deliverTo.includes(host);
}
