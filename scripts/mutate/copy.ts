// The tree that is mutated: a copy with all mutants in it, in memory where the machine has such a folder.
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { switched } from "./switched.ts";
import type { MutatedFile } from "./wanted.ts";

export interface Copy {
  readonly folder: string;
  remove(): void;
}

const memory = "/dev/shm";

export function copyTree(root: string, files: readonly MutatedFile[]): Copy {
  const folder = mkdtempSync(path.join(isWritable(memory) ? memory : tmpdir(), "bursar-mutate-"));
  for (const name of ["src", "test", "examples", "scripts", "package.json", "tsconfig.json"]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  mkdirSync(path.join(folder, "tmp"));
  const asker = pathToFileURL(path.join(folder, "scripts/mutate/switch.ts")).href;
  for (const { file, source, mutants, firstId } of files) {
    writeFileSync(path.join(folder, file), switched(source, mutants, { asker, firstId }));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
