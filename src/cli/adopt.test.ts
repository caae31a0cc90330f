import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testPorts } from "#kit/create_ports.ts";
import { type BillingOptions, createBilling } from "../billing/index.ts";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));

const optionsOn = (file: string): BillingOptions => ({
  stripe: { secretKey: "sk_test_bursar", publishableKey: "pk_test_bursar", webhookSecrets: ["whsec_test"] },
  database: `sqlite:${file}`,
  publicUrl: "http://127.0.0.1:12112",
});

test("bursar adopt opens a copied database again, by the words of the refusal", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-adopt-"));
  t.after(() => rmSync(folder, { recursive: true }));
  await (await createBilling(optionsOn(path.join(folder, "billing.sqlite")), testPorts({ seed: 1 }))).close();
  const copy = path.join(folder, "copy.sqlite");
  copyFileSync(path.join(folder, "billing.sqlite"), copy);
  await assert.rejects(createBilling(optionsOn(copy), testPorts({ seed: 2 })), /used elsewhere/);
  const argv = [bin, "adopt", "--as", "copy", "--database", `sqlite:${copy}`];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: folder });
  assert.match(stdout, /copy\.sqlite is an installation of its own now: ins_\w+\.\n$/);
  await (await createBilling(optionsOn(copy), testPorts({ seed: 3 }))).close();
});
