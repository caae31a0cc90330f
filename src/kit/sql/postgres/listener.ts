// LISTEN and NOTIFY over a client of their own: a pooled connection forgets its LISTEN, a busy one hears late. Each
// installation has its own channel. Behind a pooler nobody listens: it lends the connection that listens to others.
import pg from "pg";
import type { Log } from "../../log.ts";
import type { Bell } from "../wake.ts";
import { cutSocket } from "./cut_socket.ts";

const reconnectMs = 1_000; // workers poll meanwhile; there is no hurry
const topicMax = 200; // characters; PostgreSQL's payload ends at 8,000 bytes

export interface ListenerOptions {
  readonly settings: pg.ClientConfig;
  readonly schema: string;
  /** A name for this process, so that it does not hear itself twice. */
  readonly self: string;
  readonly bell: Bell;
  readonly log: Log;
}

export interface Listener {
  /** Begins to listen, at the first call only. */
  start(): void;
  /** All that is told while one message is on its way is the next. */
  tellOthers(pool: pg.Pool, topic: string): Promise<void>;
  /** True behind a pooler. */
  isDeaf(): boolean;
  close(): Promise<void>;
  /** Cuts the connection where it stands. */
  abandon(): void;
}

export function createListener({ settings, schema, self, bell, log }: ListenerOptions): Listener {
  const channel = `bursar/${schema}`;
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isDeaf = false;
  const tell = createTelling({ channel, self, lost: (error) => isClosed || log.warn("sql.notify_failed", { error }) });

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ ...settings, application_name: `bursar/${schema} wakes`, keepAlive: true });
    const lose = (error?: Error) => {
      if (client !== fresh || isClosed) return;
      client = undefined;
      log.warn("sql.listener_lost", { error });
      timer = setTimeout(() => void connect(), reconnectMs).unref();
    };
    fresh.on("error", lose);
    fresh.on("end", () => lose());
    fresh.on("notification", ({ payload = "" }) => {
      const [from, topic = ""] = payload.split("|", 2);
      if (from !== self) bell.ring(topic);
    });
    client = fresh;
    try {
      await fresh.connect();
      if (await isPooled(fresh)) {
        isDeaf = true;
        client = undefined;
        log.info("sql.wakes_by_polling", { schema });
        await fresh.end();
      } else {
        await fresh.query(`listen "${channel}"`);
      }
      bell.ringAll(); // whatever was said before we listened; or whoever waits comes back, to poll from now on
    } catch (error) {
      lose(error as Error);
    }
  };

  return {
    start() {
      if (!isClosed) connecting ??= connect();
    },
    isDeaf: () => isDeaf,
    tellOthers: tell,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await connecting;
      await client?.end().catch(() => {}); // it is gone either way
    },
    abandon() {
      isClosed = true;
      clearTimeout(timer);
      if (client) cutSocket(client);
    },
  };
}

/** One message at a time: what is told meanwhile is the next. The others wake by time when one is lost. */
function createTelling(given: {
  channel: string;
  self: string;
  lost(error: unknown): unknown;
}): Listener["tellOthers"] {
  const untold = new Set<string>();
  let telling: Promise<void> | undefined;
  const tellAll = async (pool: pg.Pool): Promise<void> => {
    await Promise.resolve(); // what is told in the same breath goes along
    while (untold.size > 0) {
      const payloads = [...untold].map((topic) => `${given.self}|${topic.slice(0, topicMax)}`);
      untold.clear();
      const said = pool.query("select pg_notify($1, told) from unnest($2::text[]) as untold (told)", [
        given.channel,
        payloads,
      ]);
      await said.catch(given.lost);
    }
    telling = undefined;
  };
  return (pool, topic) => {
    untold.add(topic);
    telling ??= tellAll(pool);
    return telling;
  };
}

/** The server told a direct client its process at the start; a pooler tells one that it made up. */
async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query("select pg_backend_pid() as pid");
  // pg's types leave it out.
  return rows[0].pid !== (client as unknown as { processID: number }).processID;
}
