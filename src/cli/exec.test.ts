import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a module's text under `bursar exec`. */
function exec(program: string, env: Record<string, string> = {}): Promise<Ended> {
  const given = ["bin/bursar.js", "exec", "--", process.execPath, "--input-type=module", "-e", program];
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

test("every other way to Stripe is shut, in child programs too", async () => {
  const ways = `
    import { spawnSync } from "node:child_process";
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
      fetch: () => fetch("https://files.stripe.com/v1/files"),
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
  const child = `
    const program = "require('tls').connect(443, 'api.stripe.com')";
    const inner = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
    console.log(inner.status, /EBURSAR/.test(inner.stderr));
    process.exit();
  `;
  const { out, errors } = await exec(ways + child);
  assert.equal(out, "open: \n1 true", errors);
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
