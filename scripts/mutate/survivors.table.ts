// Mutants that no test can notice, each with its reason: what it changes makes no difference, or none that is worth a
// test. `npm run mutate` says which of them are not true any more.

/** `was` and `becomes` as the run prints them; `becomes` is empty where it says nothing. */
export interface Survivor {
  readonly file: string;
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
}

export const survivors: readonly Survivor[] = [
  {
    file: "src/billing/kernel/inbox/bulk_looks.ts",
    was: "!list",
    becomes: "false",
    why: "What is wanted has a list: the compiler wants it said.",
  },
  {
    file: "src/billing/kernel/inbox/bulk_looks.ts",
    was: "return;",
    becomes: "",
    why: "What is wanted has a list: the compiler wants it said.",
  },
  {
    file: "src/billing/kernel/inbox/decide.ts",
    was: "!remote || !row",
    becomes: "!row",
    why: "Where nothing is known of an object there is no row of it either: the compiler wants both said.",
  },
  {
    file: "src/billing/kernel/inbox/intake/door.ts",
    was: "payload",
    becomes: "true",
    why: "What is to be worked has a payload: the compiler wants it said.",
  },
  {
    file: "src/billing/kernel/inbox/intake/door.ts",
    was: '.where(isAmong(reader, "id", [...ids]))',
    becomes: "",
    why: "Of more objects than are needed those that are meant are picked out by their ids; what it costs, the bench says.",
  },
  {
    file: "src/billing/kernel/inbox/intake/refused.ts",
    was: "id === undefined",
    becomes: "false",
    why: "What has no id is not in Stripe's list either: one of the thousand that are remembered is nothing.",
  },
  {
    file: "src/billing/kernel/inbox/intake/refused.ts",
    was: "return;",
    becomes: "",
    why: "What has no id is not in Stripe's list either: one of the thousand that are remembered is nothing.",
  },
  {
    file: "src/billing/kernel/journal/end.ts",
    was: "operation.attempt > 1",
    becomes: "true",
    why: "A first attempt has no flag to resolve: to ask for it costs a statement and changes nothing.",
  },
  {
    file: "src/billing/kernel/journal/end.ts",
    was: "operation.attempt > 1",
    becomes: "operation.attempt >= 1",
    why: "A first attempt has no flag to resolve: to ask for it costs a statement and changes nothing.",
  },
  {
    file: "src/billing/kernel/journal/end.ts",
    was: "call.touches === null || refusal.http === 0",
    becomes: "refusal.http === 0",
    why: "Nothing is mirrored under no id: the compiler wants both said.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: "untilMs > 0",
    becomes: "true",
    why: "A wait that is over ends at once.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: "untilMs > 0",
    becomes: "untilMs >= 0",
    why: "A wait that is over ends at once.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: '.where("calls.next_at", "<=", now)',
    becomes: "",
    why: "What is listed too early is judged again under its lane, and left there.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: 'state === "open"',
    becomes: "false",
    why: "An open operation has no refusal, and nobody reads one of it.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: '.where("calls.state", "in", openCallStates)',
    becomes: "",
    why: "A call that was looked for in vain is listed beside the one after it, whose lane is judged as a whole.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: '.where("operations.state", "=", "open")',
    becomes: "",
    why: "What has ended has no open call; were there one, it would be asked for again and again.",
  },
  {
    file: "src/billing/kernel/journal/operations.ts",
    was: "void running.stopped.then(() => journal.underWay.delete(running));",
    becomes: "",
    why: "Who waits for what has ended waits no time: it is forgotten so that memory does not grow.",
  },
  {
    file: "src/billing/kernel/journal/read.ts",
    was: "row.promised === 1",
    becomes: "row.promised !== 1",
    why: "Asked for only where an operation comes to nothing, and read again there.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "wakeWorkers(sql);",
    becomes: "",
    why: "Who is not woken looks again a moment later.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "now - operation.created_at >= (verb.validForMs ?? Number.POSITIVE_INFINITY)",
    becomes: "now - operation.created_at > (verb.validForMs ?? Number.POSITIVE_INFINITY)",
    why: "A millisecond of a day is nothing.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "operation.turn > 0",
    becomes: "true",
    why: "To write down once more what stands there changes nothing.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "operation.turn > 0",
    becomes: "operation.turn >= 0",
    why: "To write down once more what stands there changes nothing.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: '!isProblem(error, "operation_unreadable")',
    becomes: "false",
    why: "What else fails there is a statement, and its unit is rolled back whatever is made of it.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "id === null",
    becomes: "false",
    why: "Nothing is mirrored under no id: to ask for it costs a statement and changes nothing.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: '.where("step", "=", call.step)',
    becomes: "",
    why: "In a longer time before it the same is found by its marks; what it costs is pages.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: '.where("operation", "=", call.operation)',
    becomes: "",
    why: "In a longer time before it the same is found by its marks; what it costs is pages.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "sentAt === null",
    becomes: "false",
    why: "What is looked for has been sent: the compiler wants it said.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "!(error instanceof ShapeError)",
    becomes: "false",
    why: "A shape throws nothing else: whatever it were, it would be for a human.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "now + leaseMs",
    becomes: "now - leaseMs",
    why: "While a call is in the air its lane is held, whenever it is due; who has lost it asks again, sooner or later.",
  },
  {
    file: "src/billing/kernel/journal/try.ts",
    was: "time.latest() - call.first_sent_at >= keyAgeMaxMs",
    becomes: "time.latest() - call.first_sent_at > keyAgeMaxMs",
    why: "Stripe keeps a key for an hour longer: a millisecond of it is nothing.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: "free <= 0",
    becomes: "free < 0",
    why: "With no place free nothing is due: none of none is asked for.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: '.where("next_at", "<=", now)',
    becomes: "",
    why: "What is not due stands behind all that is, and is not taken by the statement that takes.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: "wanted.length === 0",
    becomes: "false",
    why: "A transaction without a statement takes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: "!first",
    becomes: "false",
    why: "A group has a first one: the compiler wants it said.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: '.where("state", "=", "open")',
    becomes: "",
    why: "Where a lease is given back: what has ended has none. Where one is taken, a test on PostgreSQL notices.",
  },
  {
    file: "src/billing/kernel/outbox/claim.ts",
    was: "true",
    becomes: "false",
    why: "Where leases are moved on: they are moved again a third of a lease later, or end by themselves.",
  },
  {
    file: "src/billing/kernel/outbox/deliver.ts",
    was: "open.size > 0",
    becomes: "true",
    why: "To give back nothing costs a transaction and changes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/deliver.ts",
    was: "open.size > 0",
    becomes: "open.size >= 0",
    why: "To give back nothing costs a transaction and changes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/deliver.ts",
    was: "await ports.clock.turn();",
    becomes: "",
    why: "It saves one transaction of two, on a clock that is not virtual.",
  },
  {
    file: "src/billing/kernel/outbox/deliver.ts",
    was: "open.delete(end.delivery);",
    becomes: "",
    why: "A lease is moved only where the row is still open and ours: what has ended is named in vain.",
  },
  {
    file: "src/billing/kernel/outbox/deliver.ts",
    was: 'state === "open"',
    becomes: "true",
    why: "When what has ended would be due is asked by nobody.",
  },
  {
    file: "src/billing/kernel/outbox/outbox.ts",
    was: "rows.length === 0",
    becomes: "false",
    why: "To insert nothing costs a statement and changes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/outbox.ts",
    was: '.where("type", "in", ["*", ...new Set(facts.map(({ type }) => type))])',
    becomes: "",
    why: "Of more handlers than are needed those that want the fact are picked out afterwards.",
  },
  {
    file: "src/billing/kernel/outbox/outbox.ts",
    was: "unregistered.size === 0",
    becomes: "false",
    why: "To write down once more what stands there changes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/outbox.ts",
    was: "return;",
    becomes: "",
    why: "To write down once more what stands there changes nothing.",
  },
  {
    file: "src/billing/kernel/outbox/outbox.ts",
    was: "unregistered.delete(id);",
    becomes: "",
    why: "To write down once more what stands there changes nothing.",
  },
  {
    file: "src/billing/resources/orders/checkout.ts",
    was: "now - order.created_at < hourMs",
    becomes: "now - order.created_at <= hourMs",
    why: "A millisecond of an hour is nothing.",
  },
  {
    file: "src/billing/resources/orders/checkout.ts",
    was: "params.customer === null",
    becomes: "false",
    why: "Of null nothing is said to be gone: the compiler wants it said.",
  },
  {
    file: "src/billing/resources/orders/checkout.ts",
    was: "params.customer === null",
    becomes: "true",
    why: "Among more payments than are needed the one with the marks is found too.",
  },
  {
    file: "src/billing/resources/orders/checkout.ts",
    was: "wakeWorkers(core.sql);",
    becomes: "",
    why: "Who is not woken looks again a moment later.",
  },
  {
    file: "src/billing/resources/orders/checkout.ts",
    was: '.where("status", "!=", "canceled")',
    becomes: "",
    why: "An order that is canceled once more stays what it is, and is told once.",
  },
  {
    file: "src/billing/resources/refunds/create.ts",
    was: "await lockOrder(tx, params.orderId);",
    becomes: "",
    why: "A refusal changes one row, whose own condition is judged again when its lock is free; the order is locked first there too, as everywhere.",
  },
  {
    file: "src/billing/resources/refunds/follow.ts",
    was: '.where(isAmong(tx, "payment_intent", payments))',
    becomes: "",
    why: "More orders than are meant wait for one another, and are put back as they were.",
  },
  {
    file: "src/billing/resources/refunds/follow.ts",
    was: '.where(({ or }) => or([isAmong(tx, "id", idsOf(seen)), isAmong(tx, "order_id", idsOf(orders))]))',
    becomes: "",
    why: "Of more refunds than are needed those that are meant are picked out afterwards.",
  },
  {
    file: "src/billing/resources/refunds/follow.ts",
    was: '.where("order_id", "in", ids)',
    becomes: "",
    why: "Of more refunds than are needed those of each order are picked out afterwards.",
  },
];
