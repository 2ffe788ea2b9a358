/**
 * What `npm audit --json` said, read: no dependency with a known weakness of
 * high severity or above, some, or no audit at all. An audit that was not made
 * is never one that found nothing.
 */
import { z } from "zod";

export type Audit =
  | { readonly kind: "clean"; readonly packages: number }
  | { readonly kind: "weak"; readonly weaknesses: readonly string[] }
  | { readonly kind: "not_made"; readonly why: string };

const grave = ["high", "critical"];
const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string().optional() })),
  metadata: z.object({ dependencies: z.object({ prod: z.int().positive() }) }),
});
const refusal = z.object({ statusCode: z.int().optional(), error: z.unknown() });

export function readAudit(text: string): Audit {
  const said = parsed(text);
  const made = report.safeParse(said);
  if (!made.success) return { kind: "not_made", why: whyNot(said) };
  const { vulnerabilities, metadata } = made.data;
  const weaknesses = Object.entries(vulnerabilities)
    .filter(([, { severity }]) => grave.includes(severity))
    .map(([name, { severity, range = "any version" }]) => `${name} (${range}): ${severity}`);
  if (weaknesses.length > 0) return { kind: "weak", weaknesses };
  return { kind: "clean", packages: metadata.dependencies.prod };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Without the address that was asked: it may be one of a private registry. */
function whyNot(said: unknown): string {
  const refused = refusal.safeParse(said);
  if (!refused.success) return "npm gave no report";
  const { statusCode } = refused.data;
  return statusCode === undefined ? "the registry was not reached" : `the registry answers audits with ${statusCode}`;
}
