// `npm run pack`: writes the package that is published into dist/package, and its tarball beside it.
// Compiled JavaScript and types instead of source, no toolchain, no Node binaries; the example shop comes along
// compiled, because `bursar dev` starts it. Folders keep their distance to one another (src becomes dist), so that
// relative imports and files beside the code are found where the source found them.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
/** The one argument, for a test: a folder that is not the repository's. */
const output = path.resolve(root, process.argv[2] ?? "dist");
const target = path.join(output, "package");
const building = path.join(output, "package.build");
const nodeMin = ">=24";
const shopFolder = "examples/shop";
const alongside = ["bin", "docs", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"];

rmSync(target, { recursive: true, force: true });
rmSync(building, { recursive: true, force: true });
mkdirSync(building, { recursive: true });
compile();
mkdirSync(path.join(target, "examples"), { recursive: true });
renameSync(path.join(building, "out/src"), path.join(target, "dist"));
renameSync(path.join(building, "out", shopFolder), path.join(target, shopFolder));
rmSync(building, { recursive: true });
copyPlainFiles(path.join(root, "src"), path.join(target, "dist"));
copyPlainFiles(path.join(root, shopFolder), path.join(target, shopFolder));
for (const name of alongside) cpSync(path.join(root, name), path.join(target, name), { recursive: true });
for (const document of documentsIn(target)) keepLinksInside(document);
writeFileSync(path.join(target, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
process.stdout.write(described(pack()));

/** JavaScript and declarations, and none at all when a type does not hold. */
function compile(): void {
  const config = path.join(building, "tsconfig.json");
  const fromHere = path.relative(building, root);
  const sources = ["src", shopFolder].map((folder) => path.join(fromHere, folder));
  const compilerConfig = {
    extends: path.join(fromHere, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      noEmitOnError: true,
      rewriteRelativeImportExtensions: true,
      rootDir: fromHere,
      outDir: "out",
      typeRoots: [path.join(fromHere, "node_modules/@types")],
    },
    include: sources,
    // src/testing is for users; what is called testing further inside is for our own tests.
    exclude: [
      ...sources.flatMap((folder) => [`${folder}/**/*.test.ts`, `${folder}/**/testing.ts`]),
      path.join(fromHere, "src/*/**/testing/**"),
    ],
  };
  writeFileSync(config, JSON.stringify(compilerConfig));
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  if (spawnSync(process.execPath, [tsc, "-p", config], { stdio: ["ignore", 2, 2] }).status === 0) return;
  rmSync(building, { recursive: true });
  process.stderr.write("The types do not hold; nothing was packed.\n");
  process.exit(1);
}

/** What the code reads at run time from beside itself: styles, scripts for browsers, fonts. */
function copyPlainFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(ts|tsx|md|tsv|sql)$/.test(entry.name)) continue;
    const file = path.relative(from, path.join(entry.parentPath, entry.name));
    cpSync(path.join(from, file), path.join(to, file), { recursive: true });
  }
}

function documentsIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith(".md")).map((name) => path.join(folder, name));
}

/** A link to what is in the repository alone keeps its words and leads nowhere any more. */
function keepLinksInside(document: string): void {
  const isThere = (link: string) => existsSync(path.join(path.dirname(document), link.replace(/#.*$/, "")));
  const text = readFileSync(document, "utf8").replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, words, link) =>
    /^(https?:|#)/.test(link) || isThere(link) ? whole : words,
  );
  writeFileSync(document, text);
}

interface RepositoryManifest {
  readonly [field: string]: unknown;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/** The repository's package.json without its toolchain, and with every path turned from source to what was compiled. */
function manifest(): Record<string, unknown> {
  const own: RepositoryManifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const compiled = (file: string) => file.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, ".js");
  const kept = ["name", "version", "description", "keywords", "license", "repository", "homepage", "type", "bin"];
  return {
    ...Object.fromEntries(kept.filter((field) => field in own).map((field) => [field, own[field]])),
    engines: { node: nodeMin },
    exports: Object.fromEntries(
      Object.entries(own.exports).map(([name, file]) => {
        const script = compiled(file);
        return [name, script === file ? file : { types: script.replace(/\.js$/, ".d.ts"), default: script }];
      }),
    ),
    imports: Object.fromEntries(Object.entries(own.imports).map(([name, file]) => [name, compiled(file)])),
    dependencies: own.dependencies,
  };
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly entryCount: number;
}

function pack(): Packed {
  const command = ["pack", target, "--pack-destination", output, "--json", "--loglevel=error"];
  const { status, stdout, error } = spawnSync("npm", command, {
    stdio: ["ignore", "pipe", 2],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0) return (JSON.parse(stdout) as readonly [Packed])[0];
  process.stderr.write(`npm could not pack ${target}${error ? `: ${error.message}` : "; its message is above"}.\n`);
  process.exit(1);
}

function described({ filename, size, entryCount }: Packed): string {
  const tarball = path.join(output, filename);
  return [
    `${path.relative(process.cwd(), tarball)}   ${Math.ceil(size / 1_000)} kB, ${entryCount} files: the compiled code`,
    "with its types, bin/bursar.js, the example shop, the README and docs/. Unpacked it lies beside it, in package/.",
    "",
    "Try it in an empty folder:",
    `  npm install ${tarball}`,
    "  npx bursar dev",
    "",
  ].join("\n");
}
