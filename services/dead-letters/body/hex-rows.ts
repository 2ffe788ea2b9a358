/**
 * Bytes as rows of sixteen, in hexadecimal and as ASCII, as far as they may be
 * shown. What is hidden is two dots in the one and one in the other. Pure.
 */

export interface HexRow {
  /** Offset of its first byte, eight hex digits. */
  readonly at: string;
  /** Pairs of hex digits, apart by spaces. */
  readonly hex: string;
  /** One character a byte; a dot for what is not printable. */
  readonly text: string;
}

const perRow = 16;

export function hexRows(bytes: Uint8Array, isHidden: (offset: number) => boolean): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = [...bytes.subarray(at, at + perRow)].map((byte, index) => (isHidden(at + index) ? null : byte));
    rows.push({
      at: at.toString(16).padStart(8, "0"),
      hex: row.map((byte) => (byte === null ? "··" : byte.toString(16).padStart(2, "0"))).join(" "),
      text: row.map((byte) => (byte === null || byte < 0x20 || byte > 0x7e ? "." : String.fromCharCode(byte))).join(""),
    });
  }
  return rows;
}
