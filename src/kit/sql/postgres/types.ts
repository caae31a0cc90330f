// How pg reads PostgreSQL's types for us: int8 and numeric (what sum() gives) as numbers, bytea as bytes. It is what
// SQLite answers. Per client, not globally: the host may use pg as well and expects its own answers.
import pg from "pg";

export function getTypeParser(oid: number, format?: "text" | "binary") {
  if (format !== "binary") {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return parseNumber;
    if (oid === pg.types.builtins.BYTEA) return parseBytes;
  }
  return pg.types.getTypeParser(oid, format as "text");
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new RangeError(`${text} does not fit into a safe integer`);
}

function parseBytes(text: string): Uint8Array {
  const buffer = Buffer.from(text.slice(2), "hex"); // "\x…", PostgreSQL's form since 9.0
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
