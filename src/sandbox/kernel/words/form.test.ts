import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeForm, type FormTree, formPath } from "./form.ts";

const spellings: [spelling: string, text: string, tree: FormTree][] = [
  ["nothing", "", {}],
  ["plain pairs", "amount=2000&currency=eur", { amount: "2000", currency: "eur" }],
  ["a name without value", "a&b=", { a: "", b: "" }],
  ["an equals sign in the value", "a=b=c", { a: "b=c" }],
  [
    "stripe-node: raw brackets, %20",
    "name=A%20%26%20B&metadata[a]=1&metadata[b]=",
    {
      name: "A & B",
      metadata: { a: "1", b: "" },
    },
  ],
  [
    "stripe-node: indexes",
    "expand[0]=x&items[0][price]=p&items[1][price]=q",
    {
      expand: { 0: "x" },
      items: { 0: { price: "p" }, 1: { price: "q" } },
    },
  ],
  ["curl and Ruby: empty brackets", "expand[]=x&expand[]=y", { expand: ["x", "y"] }],
  ["PHP: encoded brackets", "a%5Bb%5D=1&a%5Bc%5D%5B0%5D=2", { a: { b: "1", c: { 0: "2" } } }],
  ["Python: plus for space", "a=x+y&b=%2B", { a: "x y", b: "+" }],
  ["maps in unindexed lists", "i[][a]=1&i[][b]=2&i[][a]=3", { i: [{ a: "1", b: "2" }, { a: "3" }] }],
  [
    "deep maps in unindexed lists",
    "i[][a][x]=1&i[][a][y]=2&i[][a][x]=3",
    {
      i: [{ a: { x: "1", y: "2" } }, { a: { x: "3" } }],
    },
  ],
  ["the last of a repeated name", "a=1&a=2", { a: "2" }],
  ["UTF-8", "name=%C3%A9%E2%82%AC", { name: "é€" }],
  ["stray brackets stay one name", "a[b=1&]=2", { "a[b": "1", "]": "2" }],
  ["empty pairs", "&&a=1&", { a: "1" }],
];

for (const [spelling, text, tree] of spellings) {
  test(`form decoding reads ${spelling}`, () => assert.deepEqual(decodeForm(text), tree));
}

test("a parameter named like an object's internals is an ordinary key", () => {
  const tree = decodeForm("__proto__[x]=1&constructor=2&metadata[__proto__]=3&toString[a]=1");
  assert.equal(Object.getPrototypeOf(tree), Object.prototype);
  assert.deepEqual(Object.keys(tree), ["__proto__", "constructor", "metadata", "toString"]);
  assert.equal(({} as { x?: string }).x, undefined);
});

test("one name used as text, list and map is refused", () => {
  assert.throws(() => decodeForm("a=1&a[b]=2"), /Invalid object/);
  assert.throws(() => decodeForm("a[b]=1&a[]=2"), /Invalid array/);
});

test("broken percent-encoding, depth and size are refused", () => {
  assert.throws(() => decodeForm("a=%zz"), /percent-encoded/);
  assert.throws(() => decodeForm(`a${"[x]".repeat(40)}=1`), /nested deeper/);
  assert.throws(() => decodeForm("a=1&".repeat(10_001)), /more parameters/);
  assert.throws(() => decodeForm(`a=${"x".repeat(1_048_577)}`), /larger/);
});

test("paths are spelt as in Stripe's messages", () => {
  assert.equal(formPath(["amount"]), "amount");
  assert.equal(formPath(["items", "0", "price"]), "items[0][price]");
});
