/**
 * Reads Kafka's primitive encodings from a buffer, in order. Slices share the
 * buffer's memory: copy what is to be kept. Reading past the end throws.
 */
export class ByteReader {
  readonly #bytes: Buffer;
  at: number;
  readonly end: number;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.end = end;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  string(): string {
    const length = this.int16();
    const from = this.#advance(length);
    return this.#bytes.toString("utf8", from, from + length);
  }

  /** Zigzag varint of at most 32 bits. */
  varint(): number {
    let bits = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = this.#bytes.readUInt8(this.#advance(1));
      bits |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** Zigzag varint of at most 64 bits. */
  varlong(): bigint {
    let bits = 0n;
    let shift = 0n;
    let byte: number;
    do {
      byte = this.#bytes.readUInt8(this.#advance(1));
      bits |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte >= 0x80);
    return (bits >> 1n) ^ -(bits & 1n);
  }

  /** Varint length, then that many bytes; a negative length is null. */
  varintBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.slice(length);
  }

  slice(length: number): Buffer {
    const from = this.#advance(length);
    return this.#bytes.subarray(from, from + length);
  }

  list<Item>(read: () => Item): Item[] {
    const items: Item[] = [];
    for (let left = this.int32(); left > 0; left -= 1) items.push(read());
    return items;
  }

  skip(length: number): void {
    this.#advance(length);
  }

  #advance(length: number): number {
    const from = this.at;
    this.at += length;
    if (this.at > this.end) throw new RangeError("a Kafka answer ends too early");
    return from;
  }
}
