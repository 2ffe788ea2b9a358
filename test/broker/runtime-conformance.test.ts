/** The shell's conformance suite on one broker; cluster-three-brokers.test.ts runs it on three. */
import { after, before, describe } from "node:test";
import { ConformanceBench } from "../support/conformance-bench.ts";
import { conformanceSuite } from "../support/conformance-suite.ts";

let bench: ConformanceBench;
before(async () => void (bench = await ConformanceBench.open()));
after(() => bench.close());

// In a suite of its own, as its hook would not wait for the one above.
describe("the conformance suite on one broker", () => conformanceSuite(() => bench));
