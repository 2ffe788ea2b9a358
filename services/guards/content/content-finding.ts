/** What the content guard finds: a finding with its category and whether the local layer is sure of it. */
import type { Finding } from "../../../schemas/parts/finding.ts";

export type ContentCategory = "hate" | "harassment" | "self_harm" | "sexual" | "violence";

export interface ContentFinding extends Finding {
  readonly category: ContentCategory;
  /** False: a second opinion is worth asking for. */
  readonly certain: boolean;
}
