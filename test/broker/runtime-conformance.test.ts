/** The shell's conformance suite on one broker; cluster-three-brokers.test.ts runs it on three. */
import { after, before } from "node:test";
import { ConformanceBench } from "../support/conformance-bench.ts";
import { conformanceSuite } from "../support/conformance-suite.ts";

let bench: ConformanceBench;
before(async () => void (bench = await ConformanceBench.open()));
after(() => bench.close());

conformanceSuite(() => bench);
