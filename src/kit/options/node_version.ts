// Every entry point of the package imports this before all else: an older Node would fail somewhere inside, in words of
// its own.
import { problem } from "../problems.ts";

const nodeMajorMin = 24;

if (Number(process.versions.node.split(".")[0]) < nodeMajorMin) {
  throw problem("invalid_config", `Bursar needs Node ${nodeMajorMin} or newer; this is Node ${process.version}.`, {
    hint: "Install one from https://nodejs.org.",
  });
}
