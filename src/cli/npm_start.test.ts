// `npm start` as npm runs it: through a shell, and through the script that installs.
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isWholeRun } from "#kit/testing.ts";
import { newFolder, startBursar, until } from "./testing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ports = ["--sandbox-port", "0", "--billing-port", "0", "--shop-port", "0"];

test("npm start ends with all that it started when npm alone is told to", async (t) => {
  if (!isWholeRun) return t.skip("npm test does not start npm, npm run test:all does");
  const flags = [...ports, "--data", newFolder(t)];
  const started = startBursar(t, flags, {}, { command: ["npm", "start", "--"], cwd: root });
  const sandbox = await started.find(/Sandbox +(http:\/\/\S+)/);
  await started.find(/(Ctrl-C) ends it/);
  started.signal("SIGTERM");
  const isAnswering = () => fetch(sandbox).then(Boolean, () => false);
  await until("the ports to be free", async () => !(await isAnswering()));
  await started.ended;
});
