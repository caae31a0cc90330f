// Keys, links and endpoints against real databases, and deliveries against a real receiver.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { minuteMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import type { Sql } from "#kit/sql/port.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { until } from "#kit/testing.ts";
import { createOutbox, writeFacts } from "../kernel/outbox/outbox.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { migrations } from "../rooms.ts";
import type { HttpCore } from "./core.ts";
import { createKeyStore } from "./keys/keys.ts";
import { exchangeLink, findSession, openPageLink, pageLinkMs, pageSessionMs } from "./links.ts";
import { createEndpointStore, overlapMaxMs } from "./outgoing/endpoints.ts";
import { createPlainSend } from "./outgoing/plain_send.ts";

type Tables = BillingTables;

onEachDatabase<Tables>(
  "a key is stored as its hash, works until it is revoked, and only in its mode",
  async ({ sql }) => {
    const { ports, core } = await world(sql);
    const { knownTime } = core;
    const keys = createKeyStore({
      sql: core.sql,
      ports,
      mode: "test",
      bootstrapKey: `bk_test_${"b".repeat(43)}`,
      knownTime,
    });
    const made = await keys.create({ name: "shop", scopes: ["write", "read"] });
    assert.match(made.key, /^bk_test_[0-9A-Za-z]{43}$/);
    const stored = await sql.read("test", (reader) => reader.selectFrom("api_keys").selectAll().execute());
    assert.ok(!JSON.stringify(stored).includes(made.key.slice(8)), "the key itself is nowhere");

    assert.deepEqual(await keys.authenticate(made.key), { id: made.id, scopes: ["read", "write"] });
    assert.deepEqual((await keys.list())[0]?.lastUsedAt, new Date(ports.clock.now()));
    assert.equal(await keys.authenticate(`${made.key.slice(0, -1)}_`), undefined);
    assert.equal(await keys.authenticate(made.key.replace("bk_test", "bk_live")), undefined);
    assert.equal((await keys.authenticate(`bk_test_${"b".repeat(43)}`))?.id, "bootstrap");
    const live = createKeyStore({ sql: core.sql, ports, mode: "live", knownTime });
    assert.equal(await live.authenticate(made.key), undefined, "a test key opens nothing in live mode");

    assert.ok((await keys.revoke(made.id))?.revokedAt);
    assert.equal(await keys.authenticate(made.key), undefined);
    assert.equal(await keys.revoke("key_unknown"), undefined);
  },
);

onEachDatabase<Tables>("a link opens one page, for its time, and is stored as its hash", async ({ sql }) => {
  const { ports, core } = await world(sql);
  const { url } = await openPageLink(core, {
    purpose: "checkout",
    subject: "order_1",
    returnUrl: "https://shop.test/thanks",
  });
  const secret = url.split("/").at(-1) ?? "";
  const stored = await sql.read("test", (reader) => reader.selectFrom("links").selectAll().execute());
  assert.ok(!JSON.stringify(stored).includes(secret));

  const opened = await exchangeLink(core, secret);
  assert.ok(opened);
  const session = {
    pageId: opened.pageId,
    purpose: "checkout",
    subject: "order_1",
    returnUrl: "https://shop.test/thanks",
    savedMethods: false,
  };
  assert.deepEqual(await findSession(core, opened), session);
  assert.equal(await findSession(core, { pageId: "page_other", cookie: opened.cookie }), undefined);
  assert.equal(await findSession(core, { pageId: opened.pageId, cookie: secret }), undefined, "a link is not a cookie");
  assert.equal(await findSession(core, { pageId: opened.pageId, cookie: undefined }), undefined);
  assert.equal(await exchangeLink(core, opened.cookie), undefined, "a cookie is not a link");
  assert.equal(await exchangeLink(core, "order_1"), undefined);

  await ports.clock.advance(pageSessionMs);
  assert.equal(await findSession(core, opened), undefined);
  assert.ok(await exchangeLink(core, secret), "the mail of yesterday still opens the page");
  await ports.clock.advance(pageLinkMs);
  assert.equal(await exchangeLink(core, secret), undefined);
});

onEachDatabase<Tables>(
  "a fact reaches an endpoint signed, again after a failure, and not after it is gone",
  async ({ sql }) => {
    const received: { headers: Record<string, string>; body: string }[] = [];
    const answers = [500, 200, 410];
    const server = createServer(async (request, answer) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      received.push({ headers: request.headers as Record<string, string>, body });
      answer.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { ports, core } = await world(sql);
      const endpoints = createEndpointStore({ core, send: createPlainSend(ports) });
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/facts`;
      const made = await endpoints.create({ url, types: ["order.canceled"] });
      const boxes = await sql.read("test", (reader) => reader.selectFrom("endpoints").selectAll().execute());
      assert.ok(!JSON.stringify(boxes).includes(made.secret.slice(6)), "the secret lies encrypted");
      const cancel = (orderId: string) =>
        sql.write("test", (tx) => {
          const data = { orderId, reason: null };
          const news = { type: "order.canceled", subject: orderId, transition: "1", data } as const;
          return writeFacts(tx, [news], ports.clock.now());
        });
      const outbox = core.outbox as ReturnType<typeof createOutbox>;
      // One work() may end early, when it hears that there may be more to begin.
      const drain = () => until("nothing more to be handed over", async () => (await outbox.work()) === 0);

      await cancel("order_1");
      await drain();
      assert.equal(received.length, 1);
      await ports.clock.advance(minuteMs);
      await drain();
      assert.equal(received.length, 2, "tried again after the 500");
      const [first, second] = received;
      assert.equal(first?.headers["webhook-id"], second?.headers["webhook-id"], "the same fact has the same id");
      const [id, timestamp] = [second?.headers["webhook-id"] ?? "", Number(second?.headers["webhook-timestamp"])];
      const expected = new Webhook(made.secret).sign(id, new Date(timestamp * 1000), second?.body ?? "");
      assert.equal(second?.headers["webhook-signature"], expected);
      assert.deepEqual(JSON.parse(second?.body ?? "").data, { orderId: "order_1", reason: null });

      await cancel("order_2");
      await drain();
      assert.equal((await endpoints.list())[0]?.disabledReason, "it answered 410 Gone");
      await cancel("order_3");
      await drain();
      assert.equal(received.length, 3, "nothing is sent to an endpoint that is gone");
      const open = await sql.read("test", (r) =>
        r.selectFrom("deliveries").selectAll().where("state", "=", "open").execute(),
      );
      assert.deepEqual(open, []);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  },
);

onEachDatabase<Tables>(
  "while a secret rolls, both sign; afterwards, or when it has leaked, only the new one",
  async ({ sql }) => {
    const { ports, core } = await world(sql);
    const sent: { signature: string; verify(secret: string): unknown }[] = [];
    const endpoints = createEndpointStore({
      core,
      async send({ headers, body }) {
        const signature = headers["webhook-signature"] ?? "";
        const timestamp = Number(headers["webhook-timestamp"]) * 1_000;
        const expected = (secret: string) =>
          new Webhook(secret).sign(headers["webhook-id"] ?? "", new Date(timestamp), body);
        sent.push({ signature, verify: (secret) => signature.split(" ").includes(expected(secret)) });
        return { status: 204, text: "" };
      },
    });
    const outbox = core.outbox as ReturnType<typeof createOutbox>;
    const tell = async (transition: string) => {
      const news = { type: "order.canceled", subject: "o", transition, data: { orderId: "o", reason: null } } as const;
      await sql.write("test", (tx) => writeFacts(tx, [news], ports.clock.now()));
      await until("nothing more to be handed over", async () => (await outbox.work()) === 0);
      return sent.at(-1) as (typeof sent)[number];
    };
    const first = await endpoints.create({ url: "https://shop.test/facts", types: ["*"] });
    const second = await endpoints.rotate(first.id, { overlapMs: 2 * overlapMaxMs });
    assert.ok(second);
    assert.deepEqual(second.previousSecretUntil, new Date(ports.clock.now() + overlapMaxMs), "at most a day");
    const both = await tell("1");
    assert.deepEqual([both.verify(second.secret), both.verify(first.secret)], [true, true]);
    assert.equal(both.signature.split(" ").length, 2);
    await ports.clock.advance(overlapMaxMs);
    const later = await tell("2");
    assert.deepEqual([later.verify(second.secret), later.verify(first.secret)], [true, false]);

    await endpoints.rotate(first.id, { overlapMs: minuteMs });
    const leaked = await endpoints.rotate(first.id, { overlapMs: 0 });
    const alone = await tell("3");
    assert.equal(alone.signature.split(" ").length, 1);
    assert.ok(alone.verify(leaked?.secret ?? ""));
    const stored = await sql.read("test", (reader) => reader.selectFrom("endpoints").selectAll().execute());
    for (const { secret } of [first, second]) assert.ok(!JSON.stringify(stored).includes(secret.slice(6)));

    await endpoints.disable(first.id, "by request");
    assert.equal(await endpoints.rotate(first.id, { overlapMs: 0 }), undefined, "it is called no more");
  },
);

async function world(sql: Sql<Tables>) {
  await migrate(sql, migrations);
  const ports = testPorts({ seed: 7 });
  const outbox = createOutbox({ sql, ports });
  const options = {
    stripe: { secretKey: "sk_test_1", publishableKey: "pk_test_1", webhookSecrets: ["whsec_1"] },
    database: "",
    publicUrl: "https://pay.test",
    allowPrivateTargets: true,
  };
  const core: Pick<HttpCore, "sql" | "ports" | "options" | "outbox" | "knownTime"> = {
    sql,
    ports,
    options,
    outbox,
    knownTime: () => ports.clock.now(),
  };
  return { ports, core: core as HttpCore };
}
