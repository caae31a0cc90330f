// A process of its own around a run's tests (scripts/test_run/run_tests.mjs): billing's tables, made once for all.
//   node src/billing/testing/prepare.ts make|remove
import { postgresUrl, prepareTables, readPrepared, removePrepared } from "#kit/sql/prepared/testing.ts";
import { migrations } from "../rooms.ts";

const prepared = readPrepared(process.env);
if (process.argv[2] === "remove") await removePrepared(prepared, postgresUrl());
else await prepareTables(migrations, prepared, postgresUrl());
