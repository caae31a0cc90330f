import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isNodeProgram } from "./node_program.ts";
import { newFolder } from "./testing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a module's text under `bursar exec`. */
function exec(program: string, env: Record<string, string> = {}): Promise<Ended> {
  return execCommand(["--", process.execPath, "--input-type=module", "-e", program], env);
}

function execCommand(command: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const given = ["bin/bursar.js", "exec", ...command];
  return new Promise((resolve) => {
    execFile(process.execPath, given, { cwd: root, env: { ...process.env, ...env } }, (error, out, errors) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out: out.trim(), errors });
    });
  });
}

test("a program with api.stripe.com in it meets the sandbox: SDK, fetch and https", async () => {
  const { out, errors } = await exec(`
    import Stripe from "stripe";
    import https, { get } from "node:https";
    const stripe = new Stripe("sk_test_exec");
    const { id } = await stripe.customers.create({ name: "Ada" });
    const withFetch = new Stripe("sk_test_exec", { httpClient: Stripe.createFetchHttpClient() });
    console.log((await withFetch.customers.retrieve(id)).name);
    const headers = { authorization: "Bearer sk_test_exec" };
    console.log((await fetch("https://api.stripe.com/v1/customers/" + id, { headers })).status);
    for (const call of [https.get, get]) {
      const url = "https://api.stripe.com/v1/customers/cus_x";
      console.log(await new Promise((done) => call(url, { headers }, (answer) => done(answer.statusCode))));
    }
  `);
  assert.equal(out, "Ada\n200\n404\n404", errors);
});

test("every other way to Stripe is shut", async () => {
  const ways = `
    import dns, { lookup, promises } from "node:dns";
    import http2 from "node:http2";
    import net from "node:net";
    import tls from "node:tls";
    const ways = {
      tls: () => tls.connect({ host: "api.stripe.com", port: 443 }),
      tlsPort: () => tls.connect(443, "api.stripe.com"),
      servername: () => tls.connect({ host: "127.0.0.1", port: 443, servername: "api.stripe.com" }),
      net: () => net.connect(443, "api.stripe.com"),
      socket: () => new net.Socket().connect({ host: "files.stripe.com", port: 443 }),
      http2: () => http2.connect("https://api.stripe.com"),
      lookup: () => lookup("api.stripe.com", () => {}),
      promises: () => promises.resolve4("api.stripe.com"),
      resolver: () => new dns.Resolver().resolve4("m.stripe.com", () => {}),
      fetch: () => fetch("https://connect.stripe.com/oauth/token"),
      plain: () => fetch("http://api.stripe.com/v1/customers"),
    };
    const open = [];
    for (const [name, way] of Object.entries(ways)) {
      try {
        await way();
        open.push(name);
      } catch (error) {
        if (error.code !== "EBURSAR") open.push(name + ": " + error);
      }
    }
    console.log("open: " + open.join(", "));
  `;
  const { out, errors } = await exec(`${ways} process.exit();`);
  assert.equal(out, "open:", errors);
});

test("programs and threads that the program starts are guarded, whatever environment they are given", async () => {
  const { out, errors } = await exec(`
    import { exec, execFileSync, fork, spawnSync } from "node:child_process";
    import { promisify } from "node:util";
    import { Worker } from "node:worker_threads";
    const program = "try { require('tls').connect(443, 'api.stripe.com') } catch (error) { console.log(error.code) }";
    const node = process.execPath;
    const { PATH } = process.env;
    const own = { encoding: "utf8", env: { PATH, NODE_OPTIONS: "--no-warnings" } };
    console.log(spawnSync(node, ["-e", program], { encoding: "utf8" }).stdout.trim());
    console.log(execFileSync(node, ["-e", program], own).trim());
    console.log((await promisify(exec)(node + ' -e "' + program + '"', own)).stdout.trim());
    const ask = "const { parentPort } = process.getBuiltinModule('node:worker_threads');" +
      "fetch('https://api.stripe.com/v1/customers').then(({ status }) => parentPort.postMessage(status));";
    for (const given of [{}, { env: {} }, { execArgv: [] }]) {
      const worker = new Worker(ask, { eval: true, ...given });
      console.log(await new Promise((resolve) => worker.once("message", resolve)));
    }
  `);
  assert.equal(out, "EBURSAR\nEBURSAR\nEBURSAR\n401\n401\n401", errors);
});

test("a CommonJS program meets the sandbox; what that lacks of Stripe's other hosts is a 501", async (t) => {
  const file = path.join(newFolder(t), "program.cjs");
  writeFileSync(
    file,
    `const https = require("node:https");
    const { request } = https;
    const call = (host, path) => new Promise((done) => {
      const headers = { authorization: "Bearer sk_test_exec" };
      request({ host, path, method: "POST", headers }, (answer) => done(answer.statusCode)).end();
    });
    (async () => {
      console.log(await call("api.stripe.com", "/v1/customers"));
      console.log(await call("files.stripe.com", "/v1/files"));
      console.log(await call("meter-events.stripe.com", "/v2/billing/meter_event_stream"));
      https.get("https://connect.stripe.com/oauth/token").on("error", ({ code }) => console.log(code));
    })().catch(({ code }) => console.log(code));`,
  );
  const { out, errors } = await execCommand(["--", process.execPath, file]);
  assert.match(out, /^200\n501\n501\nEBURSAR/, errors);
});

test("with --data a run finds what the last one made; faults and versions are set as elsewhere", async (t) => {
  const data = newFolder(t);
  const headers = '{ headers: { authorization: "Bearer sk_test_exec" }, method: "POST" }';
  const program = `
    const made = await fetch("https://api.stripe.com/v1/customers", ${headers});
    const list = await fetch("https://api.stripe.com/v1/customers", { ...${headers}, method: "GET" });
    console.log(made.status, (await list.json()).data.length, made.headers.get("stripe-version"));`;
  const run = (flags: readonly string[], env = {}) =>
    execCommand(["--data", data, ...flags, "--", process.execPath, "--input-type=module", "-e", program], env);
  assert.equal((await run([])).out, "200 1 2026-08-26.dahlia");
  const second = await run(["--fault", "server_error,method=POST"], { BURSAR_API_VERSION: "2024-06-20" });
  assert.equal(second.out, "500 1 2024-06-20", second.errors);
});

test("a program that is not there is a refusal, and a signal's end is told as a shell does", async () => {
  const missing = await execCommand(["--", "no-such-program"]);
  assert.equal(missing.code, 1);
  assert.match(missing.errors, /^bursar: The program no-such-program could not be started\.\n {2}Is it installed/);
  assert.equal((await exec("process.kill(process.pid, 'SIGKILL')")).code, 137);
});

test("a program that is not Node is told that it is not rerouted, and where the sandbox is", async (t) => {
  const folder = newFolder(t);
  const script = path.join(folder, "script");
  writeFileSync(script, "#!/bin/sh\necho $BURSAR_EXEC_URL\n", { mode: 0o755 });
  const { code, out, errors } = await execCommand(["--", script]);
  assert.equal(code, 0);
  assert.match(out, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(
    errors,
    /^bursar exec: \S+script is not a Node program, .* is NOT rerouted; Node programs that it starts are/,
  );
  assert.ok(errors.includes(`address, ${out},`), errors);
  assert.match(errors, /Python {2}stripe\.api_base = os\.environ\["BURSAR_EXEC_URL"\]/);

  const tool = path.join(folder, "tool");
  writeFileSync(tool, '#!/usr/bin/env node\nconsole.log("ran");\n', { mode: 0o755 });
  assert.deepEqual(await execCommand(["--", tool]), { code: 0, out: "ran", errors: "" });
});

test("what runs on Node is known by its name and by its first line, where a shell would find it", (t) => {
  const folder = newFolder(t);
  const write = (name: string, text: string, mode = 0o755) => writeFileSync(path.join(folder, name), text, { mode });
  write("vite", "#!/usr/bin/env -S node --no-warnings\n");
  write("deploy", "#!/bin/bash\nnode server.js\n");
  write("nodeless", "#!/usr/bin/env nodeless\n");
  write("notes", "#!/usr/bin/env node\n", 0o644);
  write("empty", "");
  const given = { node: true, npx: true, "/opt/shims/npm": true, "node.exe": true, python3: false, missing: false };
  const found = { vite: true, deploy: false, nodeless: false, notes: false, empty: false };
  for (const [command, expected] of Object.entries({ ...given, ...found, [path.join(folder, "vite")]: true })) {
    assert.equal(isNodeProgram(command, { PATH: `/nowhere:${folder}` }), expected, command);
  }
});

test("options of Node that the environment has are kept", async () => {
  const { out } = await exec("console.log(process.title)", { NODE_OPTIONS: "--title=mine" });
  assert.equal(out, "mine");
});

test("the program's exit code is handed on", async () => {
  assert.equal((await exec("process.exit(7)")).code, 7);
});

test("beside a live key nothing starts", async () => {
  const { code, out, errors } = await exec("console.log('ran')", { SHOP_STRIPE: `sk_${"live"}_abc` });
  assert.deepEqual([code, out], [1, ""]);
  assert.match(errors, /SHOP_STRIPE holds a live key/);
  assert.doesNotMatch(errors, /_abc/);
});
