// A host's webhook route, as the guides write it: raw bytes, verified by the official SDK, 400 when they do not verify.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

export interface Receiver {
  readonly url: string;
  /** Verified events, oldest first. */
  readonly received: Stripe.Event[];
  /** Why a delivery was refused. */
  readonly refused: string[];
  /** The secret that the next deliveries are verified with. */
  secret: string;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const { webhooks } = new Stripe("sk_test_receiver");
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const signature = request.headers["stripe-signature"] ?? "";
      const event = webhooks.constructEvent(Buffer.concat(chunks), signature, receiver.secret);
      receiver.received.push(event);
      response.writeHead(200).end("{}");
    } catch (error) {
      receiver.refused.push(String(error));
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // TCP gives an address with a port.
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/webhook`,
    received: [],
    refused: [],
    secret: "",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
