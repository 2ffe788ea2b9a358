/** The process of audit-seal: the signing key, then the stage; heads are signed at intervals and at the end. */
import { runStage } from "../runtime/run-stage.ts";
import { openHeadSigner } from "../runtime/secrets/head-signer.ts";
import { auditSeal } from "./stage.ts";

/** Nobody waits for a seal, and a block costs hardly more than a link. */
const gatherMs = 250;

await runStage({
  name: "audit-seal",
  variables: ["BREAKWATER_AUDIT_KEY", "BREAKWATER_AUDIT_SIGN_INTERVAL_MS"],
  open: ({ config, reader, logger, onClose }) => {
    const key = config.BREAKWATER_AUDIT_KEY;
    const signer = key === undefined ? null : openHeadSigner(key);
    if (signer === null) logger.warn({}, "no BREAKWATER_AUDIT_KEY: the chain is sealed, but its heads are not signed");
    else logger.info({ publicKey: signer.publicKey }, "heads are signed with this key");
    const seal = auditSeal({ reader, signer, logger, gatherMs });
    const timer = setInterval(() => void seal.sign(), config.BREAKWATER_AUDIT_SIGN_INTERVAL_MS);
    onClose("heads", () => (clearInterval(timer), seal.sign()));
    return seal.stage;
  },
});
