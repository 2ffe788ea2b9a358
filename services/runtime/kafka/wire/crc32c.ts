/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), the check sum of a
 * record batch, eight bytes at a step ("slicing by 8", Intel 2006): Node offers
 * only the other CRC-32.
 */
const polynomial = 0x82f63b78;
const steps = 8;
const table = buildTable();

/** Row 0: one byte; row n: one byte followed by n zero bytes. */
function buildTable(): Int32Array {
  const rows = new Int32Array(steps * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    rows[byte] = crc;
  }
  for (let at = 256; at < rows.length; at += 1) {
    const before = rows[at - 256] ?? 0;
    rows[at] = (before >>> 8) ^ (rows[before & 0xff] ?? 0);
  }
  return rows;
}

function look(row: number, byte: number): number {
  return table[(row << 8) | (byte & 0xff)] ?? 0;
}

/** Unsigned 32 bits, over bytes[from..to). */
export function crc32c(bytes: Buffer, from = 0, to = bytes.length): number {
  let crc = -1;
  let at = from;
  for (const last = to - steps; at <= last; at += steps) {
    const low = crc ^ bytes.readInt32LE(at);
    const high = bytes.readInt32LE(at + 4);
    crc =
      look(7, low) ^
      look(6, low >>> 8) ^
      look(5, low >>> 16) ^
      look(4, low >>> 24) ^
      look(3, high) ^
      look(2, high >>> 8) ^
      look(1, high >>> 16) ^
      look(0, high >>> 24);
  }
  for (; at < to; at += 1) crc = (crc >>> 8) ^ look(0, crc ^ (bytes[at] ?? 0));
  return ~crc >>> 0;
}
