// Ends a connection to PostgreSQL as the end of its process would.
import type pg from "pg";

/** The server sees the end of the connection and rolls back; nobody on this side is told anything but "lost". */
export function cutSocket(client: pg.ClientBase): void {
  client.on("error", () => {});
  // pg's types hide the socket; its own end() would wait for the statement under way.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
