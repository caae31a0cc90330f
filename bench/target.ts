// The measured process: `bare` is node:http answering a constant, `sandbox` is the sandbox over HTTP. It tells its
// address, and on request how much CPU it has used, because only the process itself can know.
import { createServer } from "node:http";
import { createSandbox } from "bursar/sandbox";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";

// As long as a customer is, so that both sides write the same number of bytes.
const constantAnswer = JSON.stringify({ id: "cus_bare", object: "customer", description: "x".repeat(560) });

async function listenBare(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": constantAnswer.length });
      response.end(constantAnswer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
}

async function listenSandbox(): Promise<string> {
  const sandbox = createSandbox(systemPorts({ log: silentLog() }));
  sandbox.start();
  return (await sandbox.listen({ host: "127.0.0.1", port: 0 })).url;
}

const url = process.argv[2] === "bare" ? await listenBare() : await listenSandbox();
process.on("message", () => process.send?.({ cpu: process.cpuUsage(), rssBytes: process.memoryUsage.rss() }));
process.on("disconnect", () => process.exit());
process.send?.({ url });
