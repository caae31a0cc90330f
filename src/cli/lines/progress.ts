// How far a long command has come: on a terminal one line that is written over, elsewhere a line for each stage.
import type { ImportProgress } from "../../billing/api/index.ts";

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barColumns = 24;
const columnsDefault = 80;

export function progressTo(terminal: Terminal): { hear(progress: ImportProgress): void; end(): void } {
  let last: ImportProgress | undefined;
  const endStage = () => {
    if (last) terminal.write(`${terminal.isTTY ? "\r\u001b[K" : ""}${stageLine(last)}\n`);
    last = undefined;
  };
  return {
    hear(progress) {
      if (last && last.stage !== progress.stage) endStage();
      last = progress;
      if (terminal.isTTY) terminal.write(`\r\u001b[K${barLine(progress, terminal.columns ?? columnsDefault)}`);
    },
    end: endStage,
  };
}

function stageLine({ stage, nth, stages, done }: ImportProgress): string {
  return `  ${nth} of ${stages}  ${stage}: ${shown(done)}`;
}

function barLine(progress: ImportProgress, columns: number): string {
  const { stage, nth, stages, done, total } = progress;
  if (total === null || total === 0) return stageLine(progress).slice(0, columns - 1);
  const filled = Math.min(barColumns, Math.floor((done * barColumns) / total));
  const bar = `${"█".repeat(filled)}${"░".repeat(barColumns - filled)}`;
  return `  ${nth} of ${stages}  ${bar}  ${stage}: ${shown(done)} of ${shown(total)}`.slice(0, columns - 1);
}

function shown(count: number): string {
  return count.toLocaleString("en");
}
