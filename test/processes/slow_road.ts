// A network that is slow, and not only there or gone: bytes go both ways over a road on loopback, and each piece is
// under way for a while that chance draws. The order within a connection stays, as in TCP.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#kit/random.ts";

export interface Road {
  readonly port: number;
  close(): void;
}

interface RoadOptions {
  /** The port on loopback that it leads to. */
  readonly to: number;
  /** The longest that a piece is under way. */
  readonly delayMsMax: number;
  readonly random: Random;
}

export async function openRoad({ to, delayMsMax, random }: RoadOptions): Promise<Road> {
  const sockets = new Set<Socket>();
  const carry = async (from: Socket, towards: Socket) => {
    try {
      for await (const piece of from) {
        await sleep(random.integer(0, delayMsMax));
        if (!towards.write(piece as Buffer)) await once(towards, "drain");
      }
      towards.end();
    } catch {
      towards.destroy(); // One end broke: the other hears of it.
    }
  };
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket.setNoDelay(true));
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    }
    void carry(near, far);
    void carry(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
