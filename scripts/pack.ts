// `npm run pack`: writes the package that is published into dist/package, and its tarball beside it.
// Compiled JavaScript and types instead of source, no toolchain, no Node binaries; the example shop comes along
// compiled, because `bursar dev` starts it. Folders keep their distance to one another (src becomes dist), so that
// relative imports and files beside the code are found where the source found them.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const target = path.resolve(root, process.argv[2] ?? "dist/package");
const building = `${target}.build`;
const nodeMin = ">=24";
const shopFolder = "examples/shop";
const alongside = ["bin", "README.md", "LICENSE", "CHANGELOG.md"];

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
for (const name of alongside.filter((one) => existsSync(path.join(root, one)))) {
  cpSync(path.join(root, name), path.join(target, name), { recursive: true });
}
writeFileSync(path.join(target, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
process.stdout.write(`${path.relative(process.cwd(), target) || "."}\n`);

/** First the JavaScript, and none at all when a type does not hold; then the declarations, of what is now proven. */
function compile(): void {
  const isSound = runCompiler({ noEmitOnError: true });
  if (!isSound) {
    rmSync(building, { recursive: true });
    process.stderr.write("The types do not hold; nothing was packed.\n");
    process.exit(1);
  }
  // A complaint here is about an inferred type inside that has no portable name; the public types are written out, and
  // the test of the package compiles against them.
  runCompiler({ declaration: true, emitDeclarationOnly: true });
}

function runCompiler(emit: Readonly<Record<string, boolean>>): boolean {
  const config = path.join(building, "tsconfig.json");
  const fromHere = path.relative(building, root);
  const sources = ["src", shopFolder].map((folder) => path.join(fromHere, folder));
  const compilerConfig = {
    extends: path.join(fromHere, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      rewriteRelativeImportExtensions: true,
      rootDir: fromHere,
      outDir: "out",
      typeRoots: [path.join(fromHere, "node_modules/@types")],
      ...emit,
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
  return spawnSync(process.execPath, [tsc, "-p", config], { stdio: ["ignore", 2, 2] }).status === 0;
}

/** What the code reads at run time from beside itself: styles, scripts for browsers, fonts. */
function copyPlainFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(ts|tsx|md|tsv|sql)$/.test(entry.name)) continue;
    const file = path.relative(from, path.join(entry.parentPath, entry.name));
    cpSync(path.join(from, file), path.join(to, file), { recursive: true });
  }
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
