/** Words that say the opposite of one another, by their stems, in English and German. */
import { stem } from "../text/stem.ts";

/** Between two semicolons, either side of a colon against the other. */
const pairs =
  `rise rose increase increased grow grew gain climb higher upward : fall fell decrease decline declined shrink shrank shrunk drop dropped lower downward reduce reduced;
  win won winner : lose lost defeated; more : fewer less; most : least; before : after;
  accept accepted approve approved adopt passed : reject rejected refused dismissed vetoed;
  open opened opens : close closed closes shut; buy bought purchase acquire : sell sold;
  allow allowed permit permitted legal : forbid forbidden ban banned prohibit illegal;
  support supported favour favor : oppose opposed; north northern : south southern; east eastern : west western;
  first : last; male : female; minimum : maximum; above : below; over : under;
  begin began start started : end ended finish finished stop stopped; guilty convicted : innocent acquitted;
  arrive arrived : depart departed; import imported : export exported; profit : loss;
  succeed succeeded success successful : unsuccessful failure; agree agreed : disagree disagreed; public : private;
  left : right; include included includes : exclude excluded excludes; safe : dangerous unsafe;
  possible : impossible; hired appointed : fired dismissed;
  stieg gestiegen steigen zugenommen : sank fiel gesunken gefallen sinken abgenommen;
  gewann gewonnen : verlor verloren; eroffnet geoffnet : geschlossen; angenommen zugestimmt : abgelehnt;
  mehr : weniger`
    .split(";")
    .map((pair) => pair.split(":").map((side) => side.trim().split(/\s+/).map(stem)));

const table: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...Map.groupBy(
      pairs.flatMap(([left = [], right = []]) => [
        ...left.map((word) => ({ word, others: right })),
        ...right.map((word) => ({ word, others: left })),
      ]),
      ({ word }) => word,
    ),
  ].map(([word, found]) => [word, found.flatMap(({ others }) => others)]),
);

export function oppositesOf(word: string): readonly string[] {
  return table.get(word) ?? [];
}

/** Words of the same side: their opposites are the same. */
export function areAlike(left: string, right: string): boolean {
  return left === right || oppositesOf(left).some((other) => oppositesOf(right).includes(other));
}
