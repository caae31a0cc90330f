// Which test files a run plays: those that were named, as files or as folders of them, or all.
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** Every *.test.ts in the folders of `root` that are ours, from the root: a test that nobody runs cannot fail. */
export function testFiles(root) {
  const notOurs = ["node_modules", "dist", "var"];
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !notOurs.includes(entry.name))
    .map((entry) => entry.name);
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map(
        (file) => `${folder}/${String(file).replaceAll("\\", "/")}`,
      ),
    )
    .filter((file) => file.endsWith(".test.ts"));
}

/** What the names mean that were given: a file is itself, a folder those of `all` that lie in it. Throws in words. */
export function namedFiles(root, all, names) {
  const found = names.map((name) => [name, meantBy(root, all, name)]);
  const missing = found.filter(([, files]) => files.length === 0).map(([name]) => name);
  if (missing.length === 0) return [...new Set(found.flatMap(([, files]) => files))];
  throw new Error(`There is no test file ${missing.join(", no ")}. Files and folders are named from ${root}.`);
}

function meantBy(root, all, name) {
  const given = path.resolve(root, name);
  if (!existsSync(given)) return [];
  const file = path.relative(root, given).replaceAll("\\", "/");
  return statSync(given).isDirectory() ? all.filter((one) => file === "" || one.startsWith(`${file}/`)) : [file];
}
