/**
 * Money as text. The gateway sends dollars as decimal text of up to twelve
 * places; it is rounded for display as decimals, never as floats, so that a
 * column shown to the cent adds up as the books do.
 */

const cents = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const fine = new Intl.NumberFormat("en", { style: "currency", currency: "USD", minimumFractionDigits: 4 });

/** From here on cents say enough. */
const cared = 1;
/** Less than this would be shown as nothing. */
const least = 0.00005;

/** `$1,234.57`; `$0.0123` below a dollar; `< $0.0001`; `unknown` for null, which is not nothing. */
export function money(usd: string | null): string {
  if (usd === null) return "unknown";
  if (!isDecimal(usd)) return usd;
  const size = Math.abs(Number(usd));
  if (size === 0 || size >= cared) return cents.format(usd);
  return size < least ? "< $0.0001" : fine.format(usd);
}

function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}
