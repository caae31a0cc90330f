// How facts leave in development and tests, where private targets are allowed: through the port's fetch, so that a run
// stays repeatable. The same limits hold: no redirects, 10 s, 64 kB.
import type { Ports } from "#kit/ports.ts";
import { answerBytesMax, deliveryTimeoutMs, type SendOutgoing } from "./pinned_request.ts";

export function createPlainSend(ports: Pick<Ports, "fetch" | "clock">): SendOutgoing {
  return async ({ url, headers, body }) => {
    const over = new AbortController();
    const done = new AbortController();
    const deadline = ports.clock.sleep(deliveryTimeoutMs, done.signal).then(() => over.abort());
    try {
      const init: RequestInit = { method: "POST", headers, body, redirect: "manual", signal: over.signal };
      const answer = await ports.fetch(url, init);
      return { status: answer.status, text: await firstBytes(answer) };
    } finally {
      done.abort();
      await deadline;
    }
  };
}

async function firstBytes(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk.subarray(0, answerBytesMax - bytes));
    bytes += chunk.length;
    if (bytes >= answerBytesMax) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
