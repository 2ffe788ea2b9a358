/** Words that say the opposite of one another, by their stems, in English and German. Either side of a line against the other. */
import { stem } from "../text/stem.ts";

const lines = `rise rose increase increased grow grew gain climb higher upward : fall fell decrease decline declined shrink shrank shrunk drop dropped lower downward reduce reduced
  win won winner : lose lost defeated
  more : fewer less
  most : least
  before : after
  accept accepted approve approved adopt passed : reject rejected refused dismissed vetoed
  open opened opens : close closed closes shut
  buy bought purchase acquire : sell sold
  allow allowed permit permitted legal : forbid forbidden ban banned prohibit illegal
  support supported favour favor : oppose opposed
  north northern : south southern
  east eastern : west western
  first : last
  male : female
  minimum : maximum
  above : below
  over : under
  begin began start started : end ended finish finished stop stopped
  guilty convicted : innocent acquitted
  arrive arrived : depart departed
  import imported : export exported
  profit : loss
  succeed succeeded success successful : unsuccessful failure
  agree agreed : disagree disagreed
  public : private
  left : right
  include included includes : exclude excluded excludes
  safe : dangerous unsafe
  possible : impossible
  hired appointed : fired dismissed
  stieg gestiegen steigen zugenommen : sank fiel gesunken gefallen sinken abgenommen
  gewann gewonnen : verlor verloren
  eroffnet geoffnet : geschlossen
  angenommen zugestimmt : abgelehnt
  mehr : weniger`;

const table: ReadonlyMap<string, readonly string[]> = build();

function build(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines.split("\n")) {
    const [left = [], right = []] = line.split(":").map((side) => side.trim().split(" ").map(stem));
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const)
      for (const word of from) found.set(word, [...(found.get(word) ?? []), ...to]);
  }
  return found;
}

const none: readonly string[] = [];

/** Words of the same side: their opposites are the same. */
export function areAlike(left: string, right: string): boolean {
  return left === right || oppositesOf(left).some((other) => oppositesOf(right).includes(other));
}

export function oppositesOf(word: string): readonly string[] {
  return table.get(word) ?? none;
}
