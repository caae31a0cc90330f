// What is ours on the disk is for its owner alone: customers' addresses, keys, Stripe's objects.
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";

/** For `mode` of whatever writes a file. */
export const privateMode = 0o600;
const folderMode = 0o700;

/** Makes a folder for its owner alone. One that is there stays as it is: it may be anybody's. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: folderMode });
}

/** Makes the file, empty, for its owner alone; one that is there and ours becomes so. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", privateMode));
  narrow(path);
}

/** A file of an earlier version's, if it is there and ours. */
export function narrow(path: string): void {
  try {
    chmodSync(path, privateMode);
  } catch (error) {
    const isFine = error instanceof Error && "code" in error && ["ENOENT", "EPERM"].includes(String(error.code));
    if (!isFine) throw error;
  }
}
