/** Gathers new links into the blocks that they are written in, each one record of the topic. Pure. */
import type { Link } from "../audit-chain/link.ts";
import type { NewLink } from "./chain-tip.ts";

export type Block = readonly [Link, ...Link[]];

/** Far below what a record may hold; a single link may be larger. */
export const mostBlockBytes = 512 * 1024;
/** What a link's own fields take, about. */
const linkBytes = 700;

/** In their order. */
export function blocksOf(links: readonly NewLink[]): readonly Block[] {
  const blocks: [Link, ...Link[]][] = [];
  let bytes = 0;
  for (const { link, bytes: ofRecord } of links) {
    const block = blocks.at(-1);
    const more = ofRecord + linkBytes;
    if (block === undefined || bytes + more > mostBlockBytes) {
      blocks.push([link]);
      bytes = more;
      continue;
    }
    block.push(link);
    bytes += more;
  }
  return blocks;
}
