/** The decisions on harness-audit, which holds calls and changes too. */
import { auditRecord } from "../../schemas/audit/record.ts";
import type { AuditDecision } from "../../schemas/audit/decision.ts";

interface Log {
  values(topic: "harness-audit"): readonly unknown[];
}

/** In the order of the log. Each record must be one of the audit. */
export function decisionsIn(log: Log): AuditDecision[] {
  return decisionsOf(log.values("harness-audit"));
}

export function decisionsOf(values: readonly unknown[]): AuditDecision[] {
  return values.flatMap((value) => {
    const record = auditRecord.parse(value);
    return record.kind === "decision" ? [record] : [];
  });
}
