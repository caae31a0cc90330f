// `--fault slow,path=/v1/refunds,ms=500,times=3`: what goes wrong on purpose, on the command line.
import { InvalidArgumentError } from "commander";
import type { FaultRule } from "../sandbox/index.ts";

const texts = ["method", "path", "type"];
const numbers = ["times", "chance", "ms"];

/** More rules; a semicolon parts them, as in the environment. The sandbox itself refuses a kind it does not know. */
export function collectFault(text: string, before: readonly FaultRule[] | undefined): readonly FaultRule[] {
  const rules = text.split(";").filter((rule) => rule.trim() !== "");
  return [...(before ?? []), ...rules.map(parseRule)];
}

function parseRule(text: string): FaultRule {
  const [kind = "", ...rest] = text.split(",").map((part) => part.trim());
  const fields = rest.map((part): [string, string | number] => {
    const [name = "", value = ""] = part.split(/=(.*)/s);
    if (texts.includes(name) && value !== "") return [name, value];
    if (numbers.includes(name) && value !== "" && Number.isFinite(Number(value))) return [name, Number(value)];
    throw new InvalidArgumentError(`"${part}" is none of ${[...texts, ...numbers].join("=, ")}= with a value.`);
  });
  return { kind, ...Object.fromEntries(fields) } as unknown as FaultRule;
}
