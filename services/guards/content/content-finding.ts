/** What the content guard finds: a finding with its category and whether the local layer is sure of it. */
import type { ContentCategory } from "../../../schemas/parts/codes.ts";
import type { Finding } from "../../../schemas/parts/finding.ts";

export type { ContentCategory } from "../../../schemas/parts/codes.ts";

export interface ContentFinding extends Finding {
  readonly category: ContentCategory;
  /** False: a second opinion is worth asking for. */
  readonly certain: boolean;
}
