// Lets a simulated process hear the answers of a real database in an order that does not depend on how fast they come:
// one request at a time, first in, first out, and each answer only when the process has come to rest after the last.
import { createQueue } from "./queue.ts";

export type InOrder = <T>(request: () => Promise<T>) => Promise<T>;

/** For production: everything goes its own way. */
export const asTheyCome: InOrder = (request) => request();

const restTurns = 5; // of the event loop; bodies of requests in memory hop between fewer

export function createInOrder(): InOrder {
  const queue = createQueue(1);
  return (request) =>
    queue(async () => {
      try {
        return await request();
      } finally {
        for (let turn = 0; turn < restTurns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      }
    });
}
