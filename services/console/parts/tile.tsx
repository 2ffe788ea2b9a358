/** One figure and what it is of, which leads to its page; its place is kept while it loads. */
import type { ComponentChildren } from "preact";
import { Skeleton } from "./skeleton.tsx";

interface TileProps {
  readonly name: string;
  /** Null while it loads. */
  readonly figure: ComponentChildren | null;
  readonly href?: string;
  /** Below the figure: a comparison, a line. */
  readonly children?: ComponentChildren;
}

export function Tile({ name, figure, href, children }: TileProps) {
  const body = (
    <>
      <span class="tile-name">{name}</span>
      <span class="tile-figure">{figure ?? <Skeleton />}</span>
      {children}
    </>
  );
  return href === undefined ? (
    <div class="tile">{body}</div>
  ) : (
    <a class="tile" href={href}>
      {body}
    </a>
  );
}
