/**
 * A stage as `up` sees one: says it is ready, and behaves as STAGE_MANNERS says:
 * stubborn (ignores SIGTERM), brief (ends at once), brief-once (ends the first
 * time it is started), settings (refuses its settings), mute (never ready and
 * ends), poisoned (dead letters only).
 */
import { existsSync, writeFileSync } from "node:fs";

const manners = process.env["STAGE_MANNERS"] ?? "";
const marker = process.env["STAGE_MARKER"] ?? "";

process.on("SIGTERM", () => {
  if (manners !== "stubborn") process.exit(0);
});
process.once("disconnect", () => process.exit(0));

if (manners === "settings") process.exit(2);
if (manners === "mute") process.exit(1);
if (manners === "brief-once" && !existsSync(marker)) {
  writeFileSync(marker, "");
  process.exit(1);
}
process.send?.({ kind: "something else" });
process.send?.({ kind: "ready", stage: "input-scan" }, () => {
  if (manners === "poisoned") process.exit(3);
});
setInterval(() => undefined, 1000);
