// Writes what crosses between the actors as one line each, so that a reader follows a payment without running it.
import type { Crossing } from "bursar/testing";

/** What its page says of a story. */
interface Told {
  readonly name: string;
  readonly room?: string;
  readonly title: string;
  readonly proves: string;
  readonly seed: number;
  readonly isToldByHost?: true;
}

export interface Transcript {
  begin(start: number): void;
  say(text: string): void;
  crossing(crossing: Crossing): void;
  fact(type: string, about: Readonly<Record<string, unknown>>, now: number): void;
  end(): string;
}

export function transcriptOf(story: Told): Transcript {
  const lines: string[] = [];
  const seen = new Set<string>();
  let start: number | undefined;
  const line = (at: number, way: string, [what, answer]: readonly [string, string]) => {
    if (start === undefined) return; // the testbed is still being built
    lines.push(`${offset(at - start)}  ${way.padEnd(18)}  ${what.padEnd(58)}  ${answer}`.trimEnd());
  };
  return {
    begin: (now) => {
      start = now;
    },
    say: (text) => {
      lines.push("", `# ${text}`, "");
    },
    crossing: (crossing) => {
      if (story.isToldByHost) return;
      const events = eventsIn(crossing);
      const isNews = events.some((id) => !seen.has(id));
      for (const id of events) seen.add(id);
      // The catch-up reads the list of events every minute; a reader wants it only when it finds something.
      if (crossing.from === "billing" && crossing.request.url.includes("/v1/events?") && !isNews) return;
      line(crossing.at, `${crossing.from} → ${crossing.to}`, [asked(crossing), answered(crossing)]);
    },
    fact: (type, about, now) => {
      line(
        now,
        "billing → shop",
        about.orderId === undefined
          ? [`${type} ${about.customerId}`, detail(about)]
          : [`${type} ${about.orderId}`, money(about.amount)],
      );
    },
    end: () => page(story, lines),
  };
}

function page(story: Told, lines: readonly string[]): string {
  const file = `stories/${story.room === undefined ? "" : `${story.room}/`}${story.name}.ts`;
  const head = `<!-- Written by stories/stories.test.ts. Edit ${file} instead. -->
# ${story.title}

${story.proves} Played by [${file}](../../${file}) with seed ${story.seed}.
`;
  return `${head}\n\`\`\`text\n${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n\`\`\`\n`;
}

/** The ids of events that cross here: one in a webhook, many in a list. */
function eventsIn(crossing: Crossing): string[] {
  if (crossing.to === "billing") return [(parsed(crossing.body) as { id?: string }).id ?? ""];
  const { data } = parsed(crossing.answer) as { data?: readonly { id: string }[] };
  return new URL(crossing.request.url).pathname === "/v1/events" ? (data ?? []).map(({ id }) => id) : [];
}

function asked(crossing: Crossing): string {
  const { pathname } = new URL(crossing.request.url);
  if (crossing.to === "stripe") return `${crossing.request.method} ${pathname}${chosen(crossing.body)}`;
  const event = parsed(crossing.body) as { type?: string; data?: { object?: { id?: string } } };
  return `${event.type ?? pathname} ${event.data?.object?.id ?? ""}`.trim();
}

const shown = ["amount", "amount_to_capture", "payment_method", "outcome"];

function chosen(body: string): string {
  const form = new URLSearchParams(body);
  const parts = shown.filter((name) => form.has(name)).map((name) => ` ${name}=${form.get(name)}`);
  return parts.join("");
}

function answered({ status, answer }: Crossing): string {
  if (status === undefined) return "connection broken";
  const body = parsed(answer) as {
    status?: string;
    data?: unknown[];
    error?: { code?: string; decline_code?: string };
  };
  const more =
    body.error?.decline_code ?? body.error?.code ?? body.status ?? (body.data && `${body.data.length} found`);
  return `${status} ${more ?? ""}`.trim();
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {}; // a page or an empty answer: there is nothing to show of it
  }
}

/** What a fact is about, besides whom. */
function detail(about: Readonly<Record<string, unknown>>): string {
  const { amount, amountPaid, amountDue, feature, reason, previous, number } = about;
  if (feature !== undefined) return `${feature}: ${(previous as { reason: string }).reason} → ${reason}`;
  const paid = money(amount ?? amountPaid ?? amountDue);
  return [number, paid, reason].filter((part) => typeof part === "string" && part !== "").join("  ");
}

function money(amount: unknown): string {
  const { amount: minor, currency } = (amount ?? {}) as { amount?: number; currency?: string };
  return minor === undefined ? "" : `${minor} ${currency}`;
}

function offset(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  return `+${days}d ${new Date(ms).toISOString().slice(11, 23)}`;
}
