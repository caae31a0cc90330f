// `--data DIR`: what was answered is still there after a kill. Each call, and all that time does, appends one line
// before it is answered; its cost depends on what changed, never on what exists. The file is written anew, without what
// has been overtaken, at the start and whenever it has grown past a multiple of what it has to hold: then in slices,
// beside the calls, which go on being appended to the old file until the new one has its name. It is read and written
// line by line, so its size asks for no memory.
import path from "node:path";
import { makePrivateFolder } from "#kit/files/private.ts";
import { type LockAnswer, lockFile } from "#kit/folder_lock.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import type { Journal, World } from "../state/unit.ts";
import { type JournalFile, readJournal } from "./journal_file.ts";
import { applyBatches, type Entry, type Kept, snapshotLines } from "./snapshot.ts";
import { openVolume, type Volume } from "./volume.ts";

const fileName = "sandbox.journal";
const lockName = "sandbox.pid";
/** Written anew when what was appended is more than this many times what has to be kept: a fifth of a line's cost. */
const growthFactorMax = 4;
/** But not for less than this: a small world is overtaken all the time. */
const growthBytesMin = 4 * 2 ** 20;

/** Fills the world with what the folder holds, and keeps it there from now on. */
export function openJournal(world: World, folder: string, run: Ports["run"]): { journal: Journal; kept: Kept } {
  const lock = lockFolder(folder);
  if ("holder" in lock) {
    throw problem("second_worker", `Another sandbox (process ${lock.holder}) keeps its data in ${folder}.`, {
      hint: "End that one, or give this one a `dataFolder` of its own.",
    });
  }
  try {
    const file: JournalFile = { path: path.join(folder, fileName), log: world.log };
    const kept = applyBatches(world, readJournal(file));
    return { journal: createJournal(world, { path: file.path, release: lock.release, run }), kept };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lockFolder(folder: string): LockAnswer {
  try {
    makePrivateFolder(folder);
    return lockFile(path.join(folder, lockName));
  } catch (cause) {
    throw problem("invalid_config", `The data folder ${folder} cannot be made or written to.`, {
      hint: "Name a folder you may write to as `dataFolder`.",
      cause,
    });
  }
}

/** What one line takes while the file is written anew: so few that nobody waits for it. */
const entriesPerLine = 200;

interface JournalParts {
  readonly path: string;
  readonly release: () => void;
  readonly run: Ports["run"];
}

interface Book extends JournalParts {
  readonly world: World;
  /** What is appended to. */
  volume: Volume | undefined;
  /** What the world is being written anew into. */
  fresh: Volume | undefined;
  sizeMax: number;
}

function createJournal(world: World, parts: JournalParts): Journal {
  const book: Book = { ...parts, world, volume: undefined, fresh: undefined, sizeMax: 0 };
  const tell = (entry: Entry): void => {
    if (entry[0] === "closed") abandon(book); // The account may come again before this is written. It is tried later.
    book.volume?.tell(entry);
    book.fresh?.tell(entry);
  };
  listenTo(world, tell);
  return {
    touch(account, touched) {
      book.volume?.touch(account, touched);
      book.fresh?.touch(account, touched);
    },
    keep(account, key) {
      const kept = account.idempotency.get(key);
      if (kept) tell(["answer", account.id, key, kept]);
    },
    forget: (account, noun, ids) => tell(["forgotten", account.id, noun.object, ids]),
    flush: () => flush(book),
    rewrite: () => rewrite(book),
    close() {
      if (!book.volume) return;
      abandon(book);
      flush(book);
      book.volume.close();
      book.volume = undefined;
      book.release();
    },
  };
}

function flush(book: Book): boolean {
  const { world, volume, fresh, run, path: file } = book;
  try {
    if (!volume?.flush(world)) return true;
  } catch (error) {
    world.log.error("sandbox.journal_not_written", { file, error });
    return false;
  }
  if (volume.size() > book.sizeMax && !fresh) run("sandbox.journal", () => compact(book));
  return true;
}

/** The whole at once, while nobody waits. */
function rewrite(book: Book): void {
  const { world, path: file } = book;
  try {
    const written = begin(book);
    for (const line of snapshotLines(world, written.held)) written.append(line);
    written.held.settle(true);
    written.syncNow();
    takeOver(book, written);
  } catch (cause) {
    abandon(book);
    const hint = "Is the disk full? What was there before is there still.";
    throw problem("invalid_config", `The sandbox cannot write its data anew into ${file}.`, { hint, cause });
  }
}

async function compact(book: Book): Promise<void> {
  try {
    await writeBeside(book, begin(book));
  } catch (error) {
    if (!book.fresh) return; // It was abandoned, and its file closed.
    abandon(book);
    book.sizeMax = 2 * (book.volume?.size() ?? 0); // The old file holds everything; there is time until the next try.
    book.world.log.error("sandbox.journal_not_rewritten", { file: book.path, error });
  }
}

/** Slice by slice. What changes meanwhile is written behind it, since objects stand in the order of their making. */
async function writeBeside(book: Book, written: Volume): Promise<void> {
  const { world } = book;
  const isOn = async (): Promise<boolean> => {
    if (world.pace.isOver()) await world.pace.turn();
    return written === book.fresh;
  };
  for (const line of snapshotLines(world, written.held)) {
    written.append(line);
    if (!(await isOn())) return;
  }
  written.held.settle(true);
  await written.sync();
  while ((await isOn()) && written.changes() > entriesPerLine) written.flush(world, entriesPerLine);
  if (written === book.fresh) takeOver(book, written);
}

function begin(book: Book): Volume {
  abandon(book);
  book.fresh = openVolume(`${book.path}.new`);
  return book.fresh;
}

function abandon(book: Book): void {
  book.fresh?.remove();
  book.fresh = undefined;
}

function takeOver(book: Book, written: Volume): void {
  written.flush(book.world);
  written.rename(book.path);
  book.volume?.close();
  book.volume = written;
  book.fresh = undefined;
  book.sizeMax = written.size() + Math.max(growthBytesMin, written.size() * growthFactorMax);
}

/** What changes beside the objects and the answers. */
function listenTo({ timelines, faults, attempts, history, accounts }: World, tell: (entry: Entry) => void): void {
  timelines.listen(tell);
  history.listen((line) => tell(["line", line]));
  faults.listen((id, fault) => tell(["fault", id, fault ?? null]));
  attempts.listen((attempt) => tell(["attempt", attempt]));
  accounts.tell = tell;
}
