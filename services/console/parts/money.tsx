/** An amount in dollars; the exact one shows when it is pointed at. */
import { money } from "../format/money.ts";

/** `usd`: decimal text, null when the price is not known. */
export function Money({ usd }: { readonly usd: string | null }) {
  if (usd === null) return <span class="quiet">unknown</span>;
  return (
    <span class="figure" title={`$${usd}`}>
      {money(usd)}
    </span>
  );
}
