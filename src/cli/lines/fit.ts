// Making a line fit: Stripe's ids without their middle, what is too long cut at the terminal's edge, or gone on below.
import { styleText } from "node:util";

const gap = "  ";

/** `pi_39G0MmB7Iynt4M29dkqK4tlu` is `pi_…qK4tlu`: of one moment, ids begin alike. */
export function shortIds(text: string): string {
  return text.replace(/\b([a-z]+_)[0-9A-Za-z]{11,}([0-9A-Za-z]{6})\b/g, "$1…$2");
}

/** In exactly so many columns, with the beginning and the end of what is longer. */
export function inColumns(text: string, width: number): string {
  if (text.length <= width) return text.padEnd(width);
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}

export interface Column {
  readonly text: string;
  readonly color?: Parameters<typeof styleText>[0] | undefined;
}

/** The columns side by side; the last one ends at the terminal's edge. */
export function row(columns: readonly Column[], width: number): string {
  const last = columns.length - 1;
  const taken = columns.slice(0, last).reduce((sum, { text }) => sum + text.length + gap.length, 0);
  const cells = columns.map(({ text, color }, index) => {
    const shown = index === last ? cut(text, width - taken) : text;
    return color === undefined ? shown : styleText(color, shown);
  });
  return cells.join(gap).trimEnd();
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
}

/** As many lines as it takes, all but the first set in by `indent`; broken at a space where there is one. */
export function wrap(text: string, { width, indent }: { width: number; indent: number }): string {
  if (text.length <= width) return text;
  const space = text.lastIndexOf(" ", width);
  const isAtSpace = space > indent;
  const end = isAtSpace ? space : width;
  const rest = `${" ".repeat(indent)}${text.slice(isAtSpace ? end + 1 : end)}`;
  return `${text.slice(0, end)}\n${wrap(rest, { width, indent })}`;
}
