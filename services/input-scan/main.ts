/**
 * The process of input-scan. Before any pattern is compiled, V8 is told to fall back on its linear engine when a match
 * backtracks 50 million times (half a second): a belt, since packs with costly patterns are refused.
 */
import { setFlagsFromString } from "node:v8";
import { openDefinitions } from "../runtime/definitions.ts";
import { openCommands } from "../runtime/commands/commands.ts";
import { openPrices } from "../runtime/pricing/open-prices.ts";
import { runStage } from "../runtime/run-stage.ts";
import { KeySweeper } from "../runtime/content/key-sweeper.ts";
import { RequestTrimmer } from "../runtime/requests/request-trimmer.ts";
import { openPrivacyKeys } from "../runtime/secrets/privacy-keys.ts";
import { openWireFormat } from "../runtime/wire-format.ts";
import { clientsOf, inputScanVariables, registryOf } from "./config.ts";
import { linearModel } from "./rules/injection.ts";
import { openSignatures } from "./signatures.ts";
import { inputScanStage } from "./stage.ts";

setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
setFlagsFromString("--regexp-backtracks-before-fallback=50000000");

await runStage({
  name: "input-scan",
  variables: inputScanVariables,
  seesContent: true,
  open: async ({ config, kafka, groupId, reader, producer, contents, logger, nowMs, onClose }) => {
    const definitions = await openDefinitions(reader, logger);
    onClose("definitions", () => definitions.close());
    const signatures = await openSignatures({ reader, logger });
    onClose("signatures", () => signatures.close());
    const commands = await openCommands({ reader, logger });
    onClose("commands", () => commands.close());
    const negotiated = await openPrices({ reader, logger, onClose });
    const keptMs = config.BREAKWATER_REQUESTS_KEPT_MS;
    const trimmer = new RequestTrimmer({ kafka, groupId, reader, producer, logger, nowMs, keptMs });
    onClose("request trimmer", trimmer.start());
    onClose("key sweeper", new KeySweeper({ reader, producer, contents, logger, nowMs }).start());
    const keys = openPrivacyKeys(config.BREAKWATER_SECRET_KEY);
    const wireFormat = openWireFormat(registryOf(config));
    const open = { keys, commands, wireFormat, clients: clientsOf(config, logger) };
    return inputScanStage({ ...open, definitions, negotiated, scanner: signatures.scanner, model: linearModel });
  },
});
