// Where a folder has an index.ts, that is its only door: what is behind it may be rebuilt without asking anybody. The
// index.ts of a folder of resources is a list and not a door; each resource has its own. A table of data hides nothing
// and is free; a row of the architecture that names a place behind a door opens it to that layer.
import path from "node:path";
import { entryPoints, layers, resourceFolders } from "../architecture.table.ts";
import type { Rule } from "../house.ts";
import { isInside, isTable, isTest } from "../source.ts";
import { layerOf } from "./arrows.ts";

export const doors: Rule = {
  says: "nobody reaches past another folder's door",
  find({ files, paths }) {
    const folders = [...paths]
      .filter((file) => file.endsWith("/index.ts"))
      .map((file) => path.posix.dirname(file))
      .filter((folder) => !resourceFolders.some(({ place }) => place === folder));
    return files
      .filter((file) => !isTest(file.path))
      .flatMap((file) =>
        file.imports.flatMap((entry) => {
          const door = entry.file === undefined ? undefined : passedDoor(folders, file.path, entry.file);
          if (!door) return [];
          const what = `reaches past ${door}/index.ts to ${entry.from}: let the door offer it, or do without it`;
          return [{ where: `${file.path}:${entry.line}`, what }];
        }),
      );
  },
};

/** The outermost folder with a door that the importer is outside of and the imported file is behind. */
function passedDoor(folders: readonly string[], importer: string, imported: string): string | undefined {
  if (entryPoints.includes(imported) || isTable(imported)) return undefined;
  const opened = layerOf(importer, layers)?.may ?? [];
  return folders.find(
    (folder) =>
      isInside(imported, folder) &&
      !isInside(importer, folder) &&
      imported !== `${folder}/index.ts` &&
      !opened.some((place) => place !== folder && isInside(place, folder) && isInside(imported, place)),
  );
}
