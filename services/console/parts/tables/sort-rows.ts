/** Puts rows in order by one of their values. Pure; what is not known comes last in both directions. */

export type SortValue = string | number | null;

export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

const texts = new Intl.Collator("en", { numeric: true });

export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => SortValue,
  isDescending: boolean,
): readonly Row[] {
  return rows.toSorted((left, right) => {
    const a = valueOf(left);
    const b = valueOf(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === "number" && typeof b === "number" ? a - b : texts.compare(String(a), String(b));
    return isDescending ? -order : order;
  });
}
