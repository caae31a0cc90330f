// Tells before it is started whether a program runs on Node: by its name, or by the first line of its file.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import path from "node:path";

/** Version managers put binaries of their own in the place of these; each ends in Node. */
const names = ["node", "nodejs", "npm", "npx", "pnpm", "pnpx", "yarn", "corepack"];
/** More than a first line has that names an interpreter; Linux reads 256 bytes of it. */
const firstLineBytesMax = 512;

/** True for `node`, for `npx`, and for a script that begins with `#!/usr/bin/env node`. */
export function isNodeProgram(command: string, env: NodeJS.ProcessEnv): boolean {
  if (names.includes(path.basename(command).replace(/\.(exe|cmd)$/i, ""))) return true;
  const file = executables(command, env).find(isExecutable);
  return file !== undefined && /^#!.*\bnode\b/.test(firstLine(file));
}

/** Where a shell would look for it. */
function executables(command: string, env: NodeJS.ProcessEnv): string[] {
  if (path.basename(command) !== command) return [command];
  return (env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, command));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // Not there, or not for us: the shell goes on to the next folder too.
  }
}

function firstLine(file: string): string {
  const bytes = Buffer.alloc(firstLineBytesMax);
  let open: number;
  try {
    open = openSync(file, "r");
  } catch {
    return ""; // What may be run and not read is a binary.
  }
  const count = readSync(open, bytes);
  closeSync(open);
  return bytes.toString("latin1", 0, count).split("\n")[0] ?? "";
}
