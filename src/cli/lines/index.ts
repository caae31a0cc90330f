// A log for a terminal or for a machine. Each line is written at once. The folder's only door.
import { systemClock } from "#kit/clock.ts";
import { createLog, type Log } from "#kit/log.ts";
import { type Entry, isTrouble, renderLine, renderShort } from "./all.ts";
import { stepLine } from "./steps.ts";

export { progressTo } from "./progress.ts";

export type LogStyle = "lines" | "json";

/** steps: of orders, and what is wrong. short: all that happens, a line of the terminal each. whole: and all of it. */
export type Detail = "steps" | "short" | "whole";

export interface Terminal {
  readonly style: LogStyle;
  readonly detail: Detail;
  readonly write: (text: string) => void;
  /** How wide it is now; undefined where nobody looks at it, and nothing is cut. */
  readonly columns: () => number | undefined;
  readonly isLeftOut?: (entry: Entry) => boolean;
}

/** `terminalLog({ style: "lines", detail: "short", write, columns: () => process.stdout.columns })` */
export function terminalLog({ style, detail, write, columns, isLeftOut = () => false }: Terminal): Log {
  const toWrite = (line: string) => {
    const entry = JSON.parse(line) as Entry;
    if (isLeftOut(entry)) return;
    if (style === "json") return write(line);
    const shown = shownOf(entry, detail, columns() ?? Number.POSITIVE_INFINITY);
    if (shown !== undefined) write(`${shown}\n`);
  };
  return createLog({ clock: systemClock(), write: toWrite });
}

function shownOf(entry: Entry, detail: Detail, width: number): string | undefined {
  if (detail === "whole") return renderLine(entry);
  if (detail === "short" || isTrouble(entry)) return renderShort(entry, width);
  return stepLine(entry, width);
}
