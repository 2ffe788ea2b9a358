/** The process of output-validate: the definitions and what was decided before, then the stage. */
import { v7 } from "uuid";
import { openProviders } from "../providers/call-provider.ts";
import { openDefinitions } from "../runtime/definitions.ts";
import { openCommands } from "../runtime/commands/commands.ts";
import { openTariffs } from "../runtime/pricing/open-prices.ts";
import { runStage } from "../runtime/run-stage.ts";
import { openPrivacyKeys } from "../runtime/secrets/privacy-keys.ts";
import { outputValidateVariables } from "./config.ts";
import { observeReviews } from "./reviews/review-metrics.ts";
import { Reviews } from "./reviews/reviews.ts";
import { openFirstSettlements } from "./settlements/first-settlements.ts";
import { openModerator } from "./moderation/moderator.ts";
import { outputValidate } from "./stage.ts";

await runStage({
  name: "output-validate",
  variables: outputValidateVariables,
  seesContent: true,
  open: async ({ config, reader, logger, nowMs, onClose }) => {
    const definitions = await openDefinitions(reader, logger);
    onClose("definitions", () => definitions.close());
    const commands = await openCommands({ reader, logger });
    onClose("commands", () => commands.close());
    const reviews = new Reviews({ reader, commands, definitions, nowMs });
    onClose("reviews", reviews.watch());
    observeReviews(reviews);
    const providers = openProviders(config);
    const tariffOf = await openTariffs({ reader, logger, onClose }, providers);
    return outputValidate({
      reviews,
      commands,
      definitions,
      moderator: openModerator({ providers, tariffOf, newCallId: () => v7(), logger }),
      settlements: openFirstSettlements(reader, config.BREAKWATER_DEDUP_WINDOW_MS),
      opener: openPrivacyKeys(config.BREAKWATER_SECRET_KEY).opener,
    });
  },
});
