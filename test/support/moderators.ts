/** A moderation that nobody is configured for. */
import type { Moderator } from "../../services/output-validate/moderation/moderator.ts";

export const silentModerator: Moderator = { ask: async () => ({ kind: "missing", code: "not_configured" }) };
