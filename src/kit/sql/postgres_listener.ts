// LISTEN and NOTIFY over a client of their own: a pooled connection forgets its LISTEN, a busy one hears late.
import pg from "pg";
import type { Log } from "../log.ts";
import { cutSocket } from "./cut_socket.ts";
import type { Bell } from "./wake.ts";

const channel = "bursar_wake";
const reconnectMs = 1_000; // workers poll meanwhile; there is no hurry
const topicMax = 200; // characters; PostgreSQL's payload ends at 8,000 bytes

export interface ListenerOptions {
  readonly settings: pg.ClientConfig;
  /** A name for this process, so that it does not hear itself twice. */
  readonly self: string;
  readonly bell: Bell;
  readonly log: Log;
}

export interface Listener {
  /** Begins to listen, at the first call only. */
  start(): void;
  tellOthers(pool: pg.Pool, topic: string): Promise<void>;
  close(): Promise<void>;
  /** Cuts the connection where it stands. */
  abandon(): void;
}

export function createListener({ settings, self, bell, log }: ListenerOptions): Listener {
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const connect = async (): Promise<void> => {
    // It sits idle for hours and begins no transaction, so the limits of units do not concern it.
    const fresh = new pg.Client({ ...settings, application_name: "bursar listener", keepAlive: true });
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
      await fresh.query(`listen ${channel}`);
      bell.ringAll(); // whatever was said before we listened
    } catch (error) {
      lose(error as Error);
    }
  };

  return {
    start() {
      if (!isClosed) connecting ??= connect();
    },
    async tellOthers(pool, topic) {
      try {
        await pool.query("select pg_notify($1, $2)", [channel, `${self}|${topic.slice(0, topicMax)}`]);
      } catch (error) {
        if (!isClosed) log.warn("sql.notify_failed", { topic, error }); // the others wake by time
      }
    },
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
